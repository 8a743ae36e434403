# Every sample is applied, each in a namespace of its own, and does what its README says.

condition() { "$cluster" kubectl get -n "$1" "$2" "$3" -o "jsonpath={.status.conditions[?(@.type==\"$4\")].status}"; }
is() { [ "$(condition "$1" "$2" "$3" "$4")" = "$5" ]; }
state() { "$cluster" kubectl get -n "$1" mwk "$2" -o 'jsonpath={.status.state}'; }
is_state() { [ "$(state "$1" "$2")" = "$3" ]; }

say "gitops: a key by its digest"
"$cluster" kubectl create namespace gitops > /dev/null
known=$(printf 'mpw_pk_%s' "$(tr -dc 'a-zA-Z0-9' < /dev/urandom | head -c 28 || true)")
known=$known$(printf '%s' "$known" | gzip -c | tail -c 8 | od -An -tx4 -N4 | tr -d ' ')
digest=$(printf '%s' "$known" | sha256sum | cut -d ' ' -f 1)
sed -e 's/maps.example.com/gitops.example.com/' -e "s/digest: .*/digest: $digest/" samples/gitops/*.yaml > "$work/gitops.yaml"
# Two documents: the files end without a separator.
sed -i 's/^apiVersion: mapwright.io/---\n&/' "$work/gitops.yaml"
"$cluster" kubectl apply -n gitops -f "$work/gitops.yaml" > /dev/null
within 90 "instance Ready" is gitops mwi tiles Ready True
target gitops tiles gitops.example.com
row "the key that only its owner knows" 200 "$(until_answer 10 200 -H "X-Api-Key: $known" https://gitops.example.com/data/countries.json)"
row "Secrets with a key" 0 "$("$cluster" kubectl get secrets -n gitops -l mapwright.io/api-key -o name | wc -l)"

say "bring-your-own-certificate"
"$cluster" kubectl create namespace byo > /dev/null
pair() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
    -addext 'subjectAltName=DNS:byo.example.com' -keyout "$work/$1.key" -out "$work/$1.crt" 2> /dev/null
}
tls_secret() {
  "$cluster" kubectl create secret tls maps-certificate -n byo --cert="$1" --key="$2" --dry-run=client -o yaml |
    "$cluster" kubectl apply -f - > /dev/null
}
pair first
pair second
tls_secret "$work/first.crt" "$work/first.key"
sed 's/maps.example.com/byo.example.com/' samples/bring-your-own-certificate/*.yaml | "$cluster" kubectl apply -n byo -f - > /dev/null
within 90 "instance Ready" is byo mwi tiles Ready True
target byo tiles byo.example.com
cp "$work/first.crt" "$work/ca.crt"
row "served with that certificate" 401 "$(ask https://byo.example.com/data/countries.json)"
"$cluster" kubectl create secret generic maps-certificate -n byo --type=kubernetes.io/tls --from-file=tls.crt="$work/second.crt" \
  --from-file=tls.key="$work/first.key" --dry-run=client -o yaml | "$cluster" kubectl replace -f - > /dev/null
within 60 "TlsReady False for a key that does not match" is byo mwi tiles TlsReady False
row "the old pair is still served" 401 "$(ask https://byo.example.com/data/countries.json)"
before=$("$cluster" kubectl get pods -n byo -o 'jsonpath={.items[*].metadata.uid}')
tls_secret "$work/second.crt" "$work/second.key"
within 60 "TlsReady True again" is byo mwi tiles TlsReady True
cp "$work/second.crt" "$work/ca.crt"
row "the renewed pair is served" 401 "$(until_answer 40 401 https://byo.example.com/data/countries.json)"
row "without a restart" "$before" "$("$cluster" kubectl get pods -n byo -o 'jsonpath={.items[*].metadata.uid}')"

say "postgres: the database and nothing else"
"$cluster" kubectl create namespace features > /dev/null
"$cluster" kubectl apply -n features -f samples/postgres > /dev/null
within 90 "database up" "$cluster" kubectl wait -n features --for=condition=Available deployment/features-database --timeout=1s
within 90 "instance Ready" is features mwi features Ready True
# reaches HOST PORT: whether the map server can open that connection.
reaches() {
  "$cluster" kubectl exec -n features deployment/features -c server -- node -e \
    "const s=require('net').connect($2,'$1',()=>{console.log('yes');process.exit()});s.setTimeout(3000,()=>{console.log('no');process.exit()});s.on('error',()=>{console.log('no');process.exit()})" 2> /dev/null || true
}
# A policy for a new pod takes hold within seconds, not at once.
reached() { [ "$(reaches features-database 5432)" = yes ]; }
within 20 "the way to the database is open" reached
row "the server reaches its database by name" yes "$(reaches features-database 5432)"
row "the server reaches the API server" no "$(reaches kubernetes.default 443)"

say "production: admitted as it is; its storage class and bucket are not on this machine"
"$cluster" kubectl create namespace production > /dev/null
production() {
  local file
  for file in samples/production/*.yaml; do
    sed -e "s/maps.example.com/$1/" -e "s/console.example.com/console-$1/" -e "s/tiles.example.com/tiles-$1/" "$file" |
      "$cluster" kubectl apply -n production -f - > /dev/null
  done
}
production gitops.example.com
within 30 "a host of an older instance is refused" is production mwi tiles Accepted False
row "the reason" HostConflict "$("$cluster" kubectl get mwi tiles -n production -o 'jsonpath={.status.conditions[?(@.type=="Accepted")].reason}')"
row "the older instance still serves" 200 "$(target gitops tiles gitops.example.com; ask -H "X-Api-Key: $known" https://gitops.example.com/data/countries.json)"
production production.example.com
within 60 "Accepted" is production mwi tiles Accepted True
row "the condition names the monitor that is not installed" CrdMissing \
  "$("$cluster" kubectl get mwi tiles -n production -o 'jsonpath={.status.conditions[?(@.type=="MonitoringReady")].reason}')"
"$cluster" addon servicemonitor > /dev/null
"$cluster" exec "$(e2e/image/helm)" upgrade mapwright-operator charts/mapwright-operator --namespace "$NAMESPACE" --reuse-values > /dev/null
within 60 "MonitoringReady once it is installed and its rights are granted" is production mwi tiles MonitoringReady True
row "ServiceMonitor" tiles "$("$cluster" kubectl get servicemonitor -n production -o 'jsonpath={.items[*].metadata.name}')"
"$cluster" kubectl delete namespace production --wait=false > /dev/null

say "namespaced: an operator without a right outside its namespaces"
"$cluster" kubectl create namespace only > /dev/null
sed 's/- maps/- only/' samples/namespaced/values.yaml > "$work/values.yaml"
"$cluster" exec "$(e2e/image/helm)" install namespaced charts/mapwright-operator --namespace mapwright-only --create-namespace \
  --set image.repository=mapwright/operator --set crds.install=false --values "$work/values.yaml" > /dev/null
# The policies of the cluster-wide operator allow nobody else to write statuses, until they are changed.
"$cluster" exec "$(e2e/image/helm)" upgrade mapwright-operator charts/mapwright-operator --namespace "$NAMESPACE" --reuse-values \
  --set 'admissionPolicies.alsoAllowed={system:serviceaccount:mapwright-only:namespaced-mapwright-operator}' > /dev/null
"$cluster" kubectl scale deployment/mapwright-operator -n "$NAMESPACE" --replicas=0 > /dev/null
for file in 01-instance 02-api-key; do
  sed 's/maps.example.com/only.example.com/' "samples/namespaced/$file.yaml" | "$cluster" kubectl apply -n only -f - > /dev/null
done
within 120 "instance Ready" is only mwi tiles Ready True
within 30 "key Active" is_state only website Active
row "cluster-wide rights of that operator" no \
  "$("$cluster" kubectl auth can-i list secrets -n maps --as="system:serviceaccount:mapwright-only:$("$cluster" kubectl get sa -n mapwright-only -o 'jsonpath={.items[?(@.metadata.name!="default")].metadata.name}')" || true)"
"$cluster" exec "$(e2e/image/helm)" uninstall namespaced --namespace mapwright-only > /dev/null
"$cluster" kubectl scale deployment/mapwright-operator -n "$NAMESPACE" --replicas=1 > /dev/null
"$cluster" kubectl rollout status deployment/mapwright-operator -n "$NAMESPACE" --timeout=60s > /dev/null
