# etcd, API server, controller manager: the part that needs neither root nor a node.
# shellcheck shell=bash

readonly SERVICE_RANGE=10.96.0.0/16 KUBERNETES_ADDRESS=10.96.0.1 DNS_ADDRESS=10.96.0.10

# start_etcd PORT [PREFIX...]: PREFIX enters the cluster's namespaces.
start_etcd() {
  local port=$1
  shift
  echo "http://127.0.0.1:$port" > "$STATE/etcd.url"
  # Tests can lose their data in a power cut, and syncing every write would slow them down.
  daemon etcd "$@" "$(program etcd)" --data-dir "$STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$port" --advertise-client-urls "http://127.0.0.1:$port" \
    --listen-peer-urls "http://127.0.0.1:$((port + 1))" --initial-advertise-peer-urls "http://127.0.0.1:$((port + 1))" \
    --initial-cluster "default=http://127.0.0.1:$((port + 1))"
}

# start_apiserver BIND ADVERTISE PORT ETCD_PORT [PREFIX...]
start_apiserver() {
  local bind=$1 advertise=$2 port=$3 etcd=$4 pki=$STATE/pki
  shift 4
  daemon kube-apiserver "$@" "$(program kube-apiserver)" --etcd-servers "http://127.0.0.1:$etcd" \
    --bind-address "$bind" --advertise-address "$advertise" --secure-port "$port" \
    --service-cluster-ip-range "$SERVICE_RANGE" --authorization-mode Node,RBAC \
    --enable-admission-plugins NodeRestriction --allow-privileged --profiling=false \
    --client-ca-file "$pki/ca.crt" --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
    --kubelet-client-certificate "$pki/apiserver-to-kubelet.crt" \
    --kubelet-client-key "$pki/apiserver-to-kubelet.key" --kubelet-preferred-address-types InternalIP \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$pki/service-account.key" \
    --service-account-signing-key-file "$pki/service-account.key" \
    --audit-policy-file "$HERE/manifests/audit-policy.yaml" --audit-log-path "$STATE/log/audit.jsonl"
}

# start_controller_manager [PREFIX...]
start_controller_manager() {
  daemon kube-controller-manager "$@" "$(program kube-controller-manager)" \
    --kubeconfig "$STATE/kubeconfig/kube-controller-manager" --leader-elect=false --secure-port 0 \
    --use-service-account-credentials --service-account-private-key-file "$STATE/pki/service-account.key" \
    --root-ca-file "$STATE/pki/ca.crt" --cluster-signing-cert-file "$STATE/pki/ca.crt" \
    --cluster-signing-key-file "$STATE/pki/ca.key"
}

apiserver_ready() {
  admin get --raw /readyz
}

default_account_exists() {
  admin get serviceaccount default
}

# Three ports in a row. Those of other clusters and of other programs on loopback are left alone.
free_ports() {
  local port
  while port=$((20000 + RANDOM % 10000)); do
    listening $port || listening $((port + 1)) || listening $((port + 2)) || break
  done
  echo "$port"
}

listening() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start_control_plane_only() {
  local api etcd
  api=$(free_ports)
  etcd=$((api + 1))
  start_etcd "$etcd"
  server_identity 127.0.0.1
  start_apiserver 127.0.0.1 127.0.0.1 "$api" "$etcd"
  identities "https://127.0.0.1:$api" admin kube-controller-manager
  wait_ready 60 kube-apiserver apiserver_ready
  start_controller_manager
  wait_ready 30 kube-controller-manager default_account_exists
}
