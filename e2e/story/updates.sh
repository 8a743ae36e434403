# New images: a good one is proven, bad ones take themselves back and are not tried again.

tileserver=maptiler/tileserver-gl-light:v5.6.0
# The same image under another name is another image to the operator, and one that surely works.
again=$("$cluster" images list | grep -o 'docker.io/maptiler/tileserver-gl-light@sha256:[0-9a-f]*' | head -n 1)

update_field() { "$cluster" kubectl get mwi tiles -n updates -o "jsonpath=$1"; }
update_phase() { update_field '{.status.update.phase}'; }
proves() { [ "$(update_field '{.status.update.provenImage}')" = "$1" ]; }
failed_for() { update_field '{.status.update.failure}' | grep -qF "$1"; }
is_phase() { [ "$(update_phase)" = "$1" ]; }
runs() { "$cluster" kubectl get deployment tiles -n updates -o 'jsonpath={.spec.template.spec.containers[0].image}'; }
set_image() {
  "$cluster" kubectl patch mwi tiles -n updates --type=merge -p "{\"spec\":{\"server\":{\"image\":\"$1\"}${2:-}}}" > /dev/null
}

say "an instance whose map is probed"
"$cluster" kubectl create namespace updates > /dev/null
"$cluster" kubectl apply -n updates -f - > /dev/null << YAML
apiVersion: mapwright.io/v1alpha1
kind: MapwrightInstance
metadata: {name: tiles}
spec:
  server: {image: "$tileserver"}
  hosts: [updates.example.com]
  tls: {issuerRef: {name: mapwright-ca, kind: ClusterIssuer}}
  updates:
    deadline: 40s
    probePaths: [/styles/basic/style.json, /data/countries/0/0/0.pbf]
---
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata: {name: reader}
spec: {instanceRef: {name: tiles}, scopes: [tiles]}
YAML
within 120 "first image proven" is_phase Current
target updates tiles updates.example.com
reader=$("$cluster" kubectl get secret reader-key -n updates -o 'jsonpath={.data.key}' | base64 -d)
served() { until_answer 10 200 -H "X-Api-Key: $reader" https://updates.example.com/data/countries/1/0/0.pbf; }
row "proven image" "$tileserver" "$(update_field '{.status.update.provenImage}')"
row "maps are served" 200 "$(served)"

say "a good image"
set_image "$again"
within 120 "new image proven" proves "$again"
row "and it runs" "$again" "$(runs)"
node_says() { "$cluster" kubectl get pods -n updates -l mapwright.io/instance=tiles -o 'jsonpath={.items[0].status.containerStatuses[0].imageID}' | sed 's/.*@//'; }
told_as_running() { [ "$(update_field '{.status.effective.serverDigests[*]}')" = "$(node_says)" ]; }
within 30 "its digest is reported, as the node has it" told_as_running

say "an image that does not exist"
set_image maptiler/tileserver-gl-light:v0.0.0
within 120 "rolled back" is_phase RolledBack
within 60 "the proven image runs" test "$(runs)" = "$again"
row "maps are served" 200 "$(served)"
row "Updated" "False UpdateRolledBack" "$(update_field '{.status.conditions[?(@.type=="Updated")].status} {.status.conditions[?(@.type=="Updated")].reason}')"
is_stalled() { [ "$(update_field '{.status.conditions[?(@.type=="Stalled")].status}')" = True ]; }
within 60 "Stalled, for GitOps, once the old pods are back" is_stalled
row "reported in an Event" yes "$("$cluster" kubectl get events -n updates -o 'jsonpath={.items[*].reason}' | grep -q UpdateRolledBack && echo yes || echo no)"
generation=$("$cluster" kubectl get deployment tiles -n updates -o 'jsonpath={.metadata.generation}')
sleep 15
row "not tried again by itself" "$generation" "$("$cluster" kubectl get deployment tiles -n updates -o 'jsonpath={.metadata.generation}')"

say "an image that starts and serves no maps"
set_image "$tileserver" ',"updates":{"probePaths":["/styles/basic/style.json","/data/nowhere/0/0/0.pbf"]}'
within 150 "rolled back, because a path answers 404" failed_for '/data/nowhere/0/0/0.pbf answers 404'
within 60 "the proven image runs" test "$(runs)" = "$again"
row "maps are served" 200 "$(served)"

say "a closed maintenance window"
tomorrow=$(date -u -d '+12 hours' +%H:00)
set_image "$tileserver" ",\"updates\":{\"retry\":\"window\",\"probePaths\":[\"/styles/basic/style.json\"],\"window\":{\"start\":\"$tomorrow\",\"duration\":\"1h\"}}"
within 90 "waits for the window" is_phase WaitingForWindow
row "the proven image runs" "$again" "$(runs)"
row "maps are served" 200 "$(served)"

say "an image that is named while nothing runs"
"$cluster" kubectl scale mwi tiles -n updates --replicas=0 > /dev/null
within 60 "no pod runs" is_phase Stopped
row "it is not proven" "$again" "$(update_field '{.status.update.provenImage}')"
"$cluster" kubectl scale mwi tiles -n updates --replicas=1 > /dev/null
within 60 "it waits for the window again" is_phase WaitingForWindow
"$cluster" kubectl rollout status deployment/tiles -n updates --timeout=90s > /dev/null || true
row "the proven image runs" "$again" "$(runs)"
row "maps are served" 200 "$(served)"

say "logs that get too old"
logs() { "$cluster" kubectl get deployment tiles -n updates -o 'jsonpath={.spec.template.metadata.annotations.mapwright\.io/logs-since}'; }
pods() { "$cluster" kubectl get pods -n updates -l mapwright.io/instance=tiles -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}'; }
"$cluster" kubectl patch mwi tiles -n updates --type=merge -p '{"spec":{"audit":{"retention":"1h"}}}' > /dev/null
"$cluster" kubectl wait -n updates --for=condition=LogsBounded mwi/tiles --timeout=30s > /dev/null || true
within 30 "the pods are to be younger than the bound" test -n "$(logs)"
"$cluster" kubectl rollout status deployment/tiles -n updates --timeout=90s > /dev/null || true
old=$(pods)
asking=$work/asking
touch "$asking"
while [ -e "$asking" ]; do
  ask -H "X-Api-Key: $reader" https://updates.example.com/data/countries/1/0/0.pbf
  echo
  sleep 0.1
done > "$work/answers" &
asker=$!
# As if they had started 55 minutes ago.
"$cluster" kubectl patch deployment tiles -n updates --type=merge \
  -p "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"mapwright.io/logs-since\":\"$(date -u -d '-55 minutes' +%FT%TZ)\"}}}}}" > /dev/null
gone() { ! pods | grep -qxF "$old"; }
within 150 "the old pod and its log are gone" gone
rm "$asking"
wait "$asker"
row "requests meanwhile that were not answered 200" 0 "$(grep -vc '^200$' "$work/answers" || true)" "of $(wc -l < "$work/answers")"
since=$(update_field '{.status.logsSince}')
row "the status says since when there are logs" yes "$([ -n "$since" ] && [ "$(date -d "$since" +%s)" -gt "$(($(date +%s) - 150))" ] && echo yes)" "$since"
row "LogsBounded" "True" "$(update_field '{.status.conditions[?(@.type=="LogsBounded")].status}')"
"$cluster" kubectl delete namespace updates --wait=false > /dev/null
