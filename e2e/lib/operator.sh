# Installs the operator into the cluster of this machine as its users would: image, chart. Source it after cluster
# is set to e2e/cluster/cluster.

NAMESPACE=mapwright-system

install_operator() {
  local tar
  tar=$(e2e/image/build)
  "$cluster" images load "$tar" > /dev/null
  "$cluster" exec "$(e2e/image/helm)" upgrade --install mapwright-operator charts/mapwright-operator \
    --namespace "$NAMESPACE" --create-namespace --set image.repository=mapwright/operator "$@" > /dev/null
  "$cluster" kubectl rollout status deployment/mapwright-operator -n "$NAMESPACE" --timeout=120s > /dev/null
}

# jsonpath RESOURCE... PATH: one field of an object in the namespace maps.
field() {
  local path=${*: -1}
  "$cluster" kubectl get -n maps "${@:1:$#-1}" -o "jsonpath=$path"
}

key_of() {
  field secret "$1" '{.data.key}' | base64 -d
}

is_ready() {
  [ "$(field "$@" '{.status.conditions[?(@.type=="Ready")].status}')" = True ]
}
