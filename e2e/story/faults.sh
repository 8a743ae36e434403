# What must hold while things break: a revoked key stays revoked, a valid one stays valid, nothing is made twice.

say "faults: two keys on two replicas"
"$cluster" kubectl create namespace faults > /dev/null
"$cluster" kubectl apply -n faults -f - > /dev/null << 'YAML'
apiVersion: mapwright.io/v1alpha1
kind: MapwrightInstance
metadata:
  name: tiles
spec:
  server:
    image: maptiler/tileserver-gl-light:v5.6.0
    replicas: 2
  hosts: [faults.example.com]
  tls:
    issuerRef: {name: mapwright-ca, kind: ClusterIssuer}
YAML
ready_in_faults() { [ "$("$cluster" kubectl get mwi tiles -n faults -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ]; }
within 90 "instance Ready" ready_in_faults
# Not before: a key that the only gateway enforces while the second one starts is enforced by all that run.
"$cluster" kubectl apply -n faults -f - > /dev/null << 'YAML'
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata:
  name: good
spec:
  instanceRef: {name: tiles}
  scopes: [tiles]
---
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata:
  name: bad
spec:
  instanceRef: {name: tiles}
  scopes: [tiles]
---
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata:
  name: limited
spec:
  instanceRef: {name: tiles}
  scopes: [tiles]
  rateLimit: {requestsPerSecond: 10, burst: 40}
YAML
secret_in_faults() { "$cluster" kubectl get secret "$1" -n faults -o 'jsonpath={.data.key}' | base64 -d; }
enforced() { [ "$("$cluster" kubectl get mwk "$1" -n faults -o 'jsonpath={.status.enforced}')" = all ]; }
within 30 "good key enforced by all" enforced good
target faults tiles faults.example.com
good=$(secret_in_faults good-key)
bad=$(secret_in_faults bad-key)
url=https://faults.example.com/data/countries.json
row "both keys open" "200 200" "$(ask -H "X-Api-Key: $good" $url) $(ask -H "X-Api-Key: $bad" $url)"

say "limits: two replicas lend each other what they do not use"
within 30 "limited key enforced by all" enforced limited
shared() { [ "$("$cluster" kubectl get mwi tiles -n faults -o 'jsonpath={.status.conditions[?(@.type=="LimitsShared")].status}')" = True ]; }
within 60 "LimitsShared" shared
# on_one_connection NUMBER: how many of so many requests are admitted.
on_one_connection() {
  for _ in $(seq "$1"); do printf 'url=%s\noutput=/dev/null\n' "$url"; done > "$work/requests"
  "$cluster" exec curl --silent --no-progress-meter --max-time 20 --cacert "$work/ca.crt" "${resolve[@]}" \
    -H "X-Api-Key: $(secret_in_faults limited-key)" --write-out '%{http_code}\n' --config "$work/requests" | grep -c '^200' || true
}
whole=$(on_one_connection 39)
row "one connection has the whole burst" yes "$([ "$whole" -ge 38 ] && echo yes || echo no)" "$whole of 39"
more=0
for _ in $(seq 4); do
  more=$((more + $(on_one_connection 60)))
  sleep 1
done
row "all connections together keep to the limit of ten seconds" yes "$([ $((whole + more)) -le 110 ] && echo yes || echo no)" "$((whole + more)) of 100"

say "the operator is gone: gateways keep what they have"
"$cluster" kubectl scale deployment/mapwright-operator -n "$NAMESPACE" --replicas=0 > /dev/null
"$cluster" kubectl wait -n "$NAMESPACE" --for=delete pod -l app.kubernetes.io/name=mapwright-operator --timeout=60s > /dev/null
row "good key" 200 "$(ask -H "X-Api-Key: $good" $url)"

say "a key is revoked while the operator is gone, and a replica's gateway is killed"
"$cluster" kubectl patch mwk bad -n faults --type=merge -p '{"spec":{"revoked":true}}' > /dev/null
pods=$("$cluster" kubectl get pods -n faults -l app.kubernetes.io/component=server -o 'jsonpath={.items[*].metadata.name}')
first=${pods%% *}
"$cluster" kubectl delete pod -n faults "$first" --wait=false > /dev/null
sleep 8
unready() { "$cluster" kubectl get pods -n faults -l app.kubernetes.io/component=server -o 'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' | grep -c False; }
row "the new replica has no table and is not ready" 1 "$(unready)"

say "the operator comes back"
"$cluster" kubectl scale deployment/mapwright-operator -n "$NAMESPACE" --replicas=1 > /dev/null
# Not "enforced": that still says "all" of the time before.
refused_everywhere() { [ -n "$("$cluster" kubectl get mwk bad -n faults -o 'jsonpath={.status.revokedEverywhereAt}')" ]; }
within 60 "revoked key refused on both replicas" refused_everywhere
seen=$(for _ in $(seq 30); do printf '%s %s\n' "$(ask -H "X-Api-Key: $bad" $url)" "$(ask -H "X-Api-Key: $good" $url)"; done | sort | uniq -c | sed 's/^ *//')
row "30 times: revoked refused, good accepted" "30 401 200" "$seen"
row "the good key is the same one" "$good" "$(secret_in_faults good-key)" | sed 's/mpw_pk_[0-9A-Za-z]*/(the key)/g'

say "the operator is killed while it works"
for number in 1 2 3; do
  printf 'apiVersion: mapwright.io/v1alpha1\nkind: ApiKey\nmetadata: {name: many-%s}\nspec:\n  instanceRef: {name: tiles}\n  scopes: [tiles]\n---\n' "$number"{1..9}
done | "$cluster" kubectl apply -n faults -f - > /dev/null &
sleep 0.7
"$cluster" kubectl delete pod -n "$NAMESPACE" -l app.kubernetes.io/name=mapwright-operator --grace-period=0 --force > /dev/null 2>&1
wait
many_active() { [ "$("$cluster" kubectl get mwk -n faults -o 'jsonpath={.items[*].status.state}' | tr ' ' '\n' | grep -c Active)" = 29 ]; }
within 90 "27 new keys and the two before Active" many_active
row "each delivered key is the one that is accepted" 29 "$("$cluster" kubectl get mwk -n faults -o 'jsonpath={range .items[?(@.status.state=="Active")]}{.metadata.name}{"\n"}{end}' | while read -r name; do
  digest=$(secret_in_faults "$name-key" | sha256sum | cut -d ' ' -f 1)
  [ "$digest" = "$("$cluster" kubectl get mwk "$name" -n faults -o 'jsonpath={.status.current.sha256}')" ] && echo same
done | wc -l)"

say "an instance is deleted: its data stays, its keys open nothing"
"$cluster" kubectl delete mwi tiles -n faults > /dev/null
gone() { [ -z "$("$cluster" kubectl get pods -n faults -l app.kubernetes.io/component=server -o name)" ]; }
within 90 "pods gone" gone
