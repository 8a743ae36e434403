# Real requests to an instance. Source it after operator.sh.

work=$(mktemp -d)

# target NAMESPACE INSTANCE HOST...: whom ask talks to.
target() {
  local host address
  namespace=$1 instance=$2
  shift 2
  address=$("$cluster" kubectl get service "$instance" -n "$namespace" -o 'jsonpath={.spec.clusterIP}')
  "$cluster" kubectl get secret "$instance-tls" -n "$namespace" -o 'jsonpath={.data.ca\.crt}' 2> /dev/null | base64 -d > "$work/ca.crt" || true
  resolve=()
  for host; do
    resolve+=(--resolve "$host:443:$address" --resolve "$host:80:$address")
  done
}

# ask CURL-ARGUMENT...: prints the status code of the answer; its head and body are kept.
ask() {
  "$cluster" exec curl --silent --max-time 10 --cacert "$work/ca.crt" "${resolve[@]}" --output "$work/body" \
    --dump-header "$work/head" --write-out '%{http_code}' "$@" || true
}

header() { sed -n "s/^$1: *\(.*[^[:space:]]\)[[:space:]]*$/\1/Ip" "$work/head" | head -n 1; }

# problem: what an application/problem+json answer says to its reader.
problem() { sed -n 's/.*"detail": *"\([^"]*\)".*/\1/p' "$work/body" 2> /dev/null | cut -c1-60; }

# client NAMESPACE: a pod there to ask from.
client() {
  "$cluster" kubectl run client -n "$1" --image=mapwright.test/client:1 --restart=Never --command -- sleep 3600 > /dev/null
  "$cluster" kubectl wait -n "$1" --for=condition=Ready pod/client --timeout=60s > /dev/null
}

# from NAMESPACE URL: whether that pod gets an answer.
from() {
  if "$cluster" kubectl exec -n "$1" client -- curl --silent --insecure --max-time 3 --output /dev/null "$2" > /dev/null 2>&1; then
    echo answered
  else
    echo "no answer"
  fi
}

# until_answer SECONDS STATUS CURL-ARGUMENT...: asks until the status comes; prints the last one.
until_answer() {
  local end=$((SECONDS + $1)) wanted=$2 got
  shift 2
  while got=$(ask "$@"); [ "$got" != "$wanted" ] && ((SECONDS < end)); do sleep 0.1; done
  echo "$got"
}
