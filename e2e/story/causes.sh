# Why a map server does not run: each cause, caused on a real node, is reported in the condition ServerAvailable.
# RECORD=operator/src/test/resources/causes keeps what was seen, as the input of a golden case.

k() { "$cluster" kubectl "$@"; }

# cause_instance NAME SERVER [GATEWAY] [TLS]: all but the name is YAML.
cause_instance() {
  cat << YAML
apiVersion: mapwright.io/v1alpha1
kind: MapwrightInstance
metadata:
  name: tiles
spec:
  hosts: [$1.example.com]
  tls: ${4:-"{issuerRef: {name: mapwright-ca, kind: ClusterIssuer\}\}"}
  server: $2
  gateway: {$small${3:+, $3}}
YAML
}
# Sixteen pods of the usual size do not fit on one node.
small='resources: {requests: {cpu: 1m, memory: 16Mi}}'
image="$small, image: \"maptiler/tileserver-gl-light:v5.6.0\""
plain='image: "maptiler/tileserver-gl-light:v5.6.0"'

cause_told() { k get mwi tiles -n "cause-$1" -o 'jsonpath={.status.conditions[?(@.type=="ServerAvailable")].reason}'; }
cause_words() { k get mwi tiles -n "cause-$1" -o 'jsonpath={.status.conditions[?(@.type=="ServerAvailable")].message}'; }
cause_is() { [ "$(cause_told "$1")" = "$2" ] && cause_words "$1" | grep -q -F -- "$3"; }

# cause_seen NAME: what the operator could see of it.
cause_seen() {
  local folder=$RECORD/$1
  mkdir -p "$folder"
  printf "%s: %s\n" "$(cause_told "$1")" "$(cause_words "$1" | sed "s/^[0-9]* of [0-9]* pods serve: //")" > "$folder/out.txt"
  k get mwi tiles -n "cause-$1" -o json |
    jq '{apiVersion, kind, metadata: {name: .metadata.name, namespace: .metadata.namespace}, spec}' > "$folder/in.json"
  k get deployments,pods -n "cause-$1" -o json |
    jq '{items: [.items[] | del(.metadata.managedFields) | .spec |= (if .template then {replicas} else {nodeName, containers: [.containers[] | {name, image}], initContainers: [.initContainers[] | {name, image}]} end) | .metadata |= {name, namespace, creationTimestamp, deletionTimestamp, generation}]}' > "$folder/seen.json"
  k get events -n "cause-$1" -o json |
    jq '{items: [.items[] | select(.involvedObject.kind == "Pod" or .involvedObject.kind == "PersistentVolumeClaim") | {involvedObject: {kind: .involvedObject.kind, name: .involvedObject.name}, reason, message, type, lastTimestamp, eventTime, metadata: {name: .metadata.name, creationTimestamp: .metadata.creationTimestamp}}]}' > "$folder/events.json"
}

# cause_begins NAME SERVER [GATEWAY] [TLS]: in a namespace of its own.
cause_begins() {
  k get namespace "cause-$1" > /dev/null 2>&1 || k create namespace "cause-$1" > /dev/null
  cause_instance "$@" | k apply -n "cause-$1" -f - > /dev/null
}
# cause_tells NAME REASON WORDS
cause_tells() {
  within 150 "$1: $2" cause_is "$1" "$2" "$3" || true
  row "$1" "$2" "$(cause_told "$1")" "$(cause_words "$1")"
  [ -z "${RECORD:-}" ] || cause_seen "$1"
  k delete namespace "cause-$1" --wait=false > /dev/null
}

say "causes: sixteen maps that cannot run"
cause_begins image-not-pulled "{$small, image: \"registry.invalid/maps:1\"}"
cause_begins image-name-invalid "{$small, image: \"registry.invalid/Maps:1\"}"
cause_begins gateway-image-not-pulled "{$image}" 'image: "registry.invalid/haproxy:3.4"'
cause_begins secret-missing "{$image, envFrom: [{secretRef: {name: nowhere}}]}"
cause_begins config-map-missing "{$image, envFrom: [{configMapRef: {name: nowhere}}]}"
k create namespace cause-key-missing > /dev/null
k create secret generic database -n cause-key-missing --from-literal=other=value > /dev/null
cause_begins key-missing "{$image, database: {urlSecretRef: {name: database, key: url}}}"
cause_begins claim-missing "{$image, volume: {existingClaim: nowhere}}"
cause_begins storage-class-missing "{$image, volume: {size: 1Gi, storageClassName: nowhere}}"
cause_begins unschedulable "{$plain, resources: {requests: {cpu: \"1000\"}}}"
cause_begins command-missing "{$image, command: [/nowhere/server]}"
cause_begins server-ends "{$image, command: [/bin/sh, -c, 'echo \"cannot open postgres://map:hunter2@db/tiles: no such table\" >&2; exit 3']}"
cause_begins out-of-memory "{$plain, command: [node, -e, 'const a=[]; for (;;) a.push(Buffer.alloc(1e7, 1))'], resources: {requests: {cpu: 1m}, limits: {memory: 64Mi}}}"
cause_begins server-silent "{$image, healthPath: /nothing, startupSeconds: 6}"
k create namespace cause-quota > /dev/null
k create quota no-pods -n cause-quota --hard=pods=0 > /dev/null
cause_begins quota "{$image}"
k create namespace cause-policy > /dev/null
k apply -f - > /dev/null << 'YAML'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: cause-policy}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  matchConditions: [{name: there, expression: "request.namespace == 'cause-policy'"}]
  validations: [{expression: "false", message: images must come from our own registry}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: cause-policy}
spec: {policyName: cause-policy, validationActions: [Deny]}
YAML
# A policy is in force some seconds after it was made.
refuses_pods() { [[ $(k run probe -n cause-policy --image=pause --dry-run=server 2>&1) == *"our own registry"* ]]; }
within 30 "policy in force" refuses_pods
cause_begins policy "{$image}"
k create namespace cause-certificate-gone > /dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=certificate-gone.example.com \
  -addext 'subjectAltName=DNS:certificate-gone.example.com' -keyout "$work/own.key" -out "$work/own.crt" 2> /dev/null
k create secret tls my-own -n cause-certificate-gone --cert="$work/own.crt" --key="$work/own.key" > /dev/null
cause_begins certificate-gone "{$image}" "" '{secretName: my-own}'

cause_tells image-not-pulled ImageNotPulled "server.image registry.invalid/maps:1 cannot be pulled"
cause_tells image-name-invalid ImageNameInvalid "server.image registry.invalid/Maps:1 is not the name of an image"
cause_tells gateway-image-not-pulled ImageNotPulled "gateway.image registry.invalid/haproxy:3.4 cannot be pulled"
cause_tells secret-missing ReferenceMissing "server.envFrom: Secret nowhere does not exist"
cause_tells config-map-missing ReferenceMissing "server.envFrom: ConfigMap nowhere does not exist"
cause_tells key-missing ReferenceMissing "server.database.urlSecretRef: Secret database has no key url"
cause_tells claim-missing VolumeMissing "server.volume.existingClaim: PersistentVolumeClaim nowhere does not exist"
cause_tells storage-class-missing VolumeMissing "server.volume.storageClassName: there is no storage class nowhere"
cause_tells unschedulable Unschedulable "Insufficient cpu"
cause_tells command-missing ContainerNotStarted "server.command"
cause_tells server-ends ContainerEnds 'cannot open postgres://***@db/tiles: no such table'
cause_tells out-of-memory OutOfMemory "raise server.resources.limits.memory"
cause_tells quota PodsRefused "exceeded quota: no-pods"
cause_tells policy PodsRefused "images must come from our own registry"
cause_tells server-silent ServerNotAnswering "GET /nothing on port 8080 must say 200"

say "a certificate's Secret that goes away under a pod that starts"
cause_up() { k get mwi tiles -n "cause-$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -q True; }
within 120 "it runs" cause_up certificate-gone
k delete secret my-own -n cause-certificate-gone > /dev/null
k delete pods -n cause-certificate-gone --all --wait=false > /dev/null
cause_tells certificate-gone ReferenceMissing "tls.secretName: Secret my-own does not exist"
k delete validatingadmissionpolicybinding,validatingadmissionpolicy cause-policy > /dev/null
