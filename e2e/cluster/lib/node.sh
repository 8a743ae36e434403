# What makes a control plane a cluster: container runtime, kubelet, Services, policies, certificates, volumes.
# shellcheck shell=bash

readonly IDENTITIES=(admin kube-controller-manager kube-scheduler kube-proxy kubelet
  cert-manager network-policy provisioner)
readonly HOST_PACKAGES=(containerd runc containernetworking-plugins iptables nftables conntrack ipset iproute2
  util-linux socat openssl jq)

start_node() {
  local images
  create_sandbox
  start_etcd 2379 "${INSIDE[@]}"
  server_identity "$NODE_ADDRESS"
  start_apiserver 0.0.0.0 "$NODE_ADDRESS" 6443 2379 "${INSIDE[@]}"
  identities "https://$NODE_ADDRESS:6443" "${IDENTITIES[@]}"
  start_containerd
  (join_cgroup && load_images) >"$STATE/log/images.log" 2>&1 &
  images=$!
  wait_ready 60 kube-apiserver apiserver_ready

  start_controller_manager "${INSIDE[@]}"
  start_scheduler
  start_kube_proxy
  start_kubelet
  apply storage.yaml dns.yaml
  admin apply --server-side -f "$(manifest cert-manager)" >/dev/null
  start_cert_manager
  start_provisioner

  wait_ready 60 kubelet node_registered
  start_network_policy
  wait_ready 30 cert-manager certificates_known
  apply issuers.yaml
  wait_ready 60 kubelet admin wait --for=condition=Ready --timeout=1s "node/$NODE"
  wait "$images" || { cat "$STATE/log/images.log" >&2; die "cannot load the images"; }
  wait_ready 30 kube-controller-manager default_account_exists
  wait_ready 60 kubelet admin -n kube-system rollout status deployment/coredns --timeout=1s
  wait_ready 60 cert-manager admin wait --for=condition=Ready --timeout=1s clusterissuer/selfsigned clusterissuer/mapwright-ca
}

apply() {
  local file
  for file in "$@"; do
    admin apply --server-side -f "$HERE/manifests/$file" >/dev/null
  done
}

start_containerd() {
  mkdir -p "$STATE/etc/cni"
  cat >"$STATE/etc/cni/bridge.conflist" <<CNI
{
  "cniVersion": "0.4.0",
  "name": "mw-$NAME",
  "plugins": [
    {
      "type": "bridge", "bridge": "pods", "isGateway": true, "ipMasq": false, "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_RANGE"}]], "routes": [{"dst": "0.0.0.0/0"}]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
CNI
  # restrict_oom_score_adj: containers of a machine's root often may not lower their score, and would die of trying.
  cat >"$STATE/etc/containerd.toml" <<CONTAINERD
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "mapwright.test/pause:1"
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "$(cni_directory)"
  conf_dir = "$STATE/etc/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
CONTAINERD
  daemon containerd "${INSIDE[@]}" containerd --config "$STATE/etc/containerd.toml" --log-level warn
  wait_ready 30 containerd containerd_ctl version
}

cni_directory() {
  local directory
  for directory in /usr/lib/cni /opt/cni/bin; do
    [[ ! -x $directory/bridge ]] || { echo "$directory"; return; }
  done
  die "no CNI plugins on this machine: run 'cluster build node'"
}

containerd_ctl() {
  ctr --address "$STATE/run/containerd/containerd.sock" --namespace k8s.io "$@"
}

load_images() {
  local image
  for image in "${IMAGES[@]}"; do
    containerd_ctl images import "$(image_archive "$image")"
  done
}

start_scheduler() {
  daemon kube-scheduler "${INSIDE[@]}" "$(program kube-scheduler)" --kubeconfig "$STATE/kubeconfig/kube-scheduler" \
    --leader-elect=false
}

# The conntrack settings would be written to /proc/sys, which containers and some machines have read-only.
start_kube_proxy() {
  daemon kube-proxy "${INSIDE[@]}" "$(program kube-proxy)" --kubeconfig "$STATE/kubeconfig/kube-proxy" \
    --proxy-mode nftables --hostname-override "$NODE" --cluster-cidr "$POD_RANGE" \
    --conntrack-max-per-core 0 --conntrack-min 0 \
    --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0
}

start_kubelet() {
  # Images cannot be pulled again and the machine's disk is not the cluster's: never collect, never evict.
  cat >"$STATE/etc/kubelet.yaml" <<KUBELET
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: "$STATE/pki/ca.crt"}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
failCgroupV1: false
enforceNodeAllocatable: []
failSwapOn: false
clusterDomain: cluster.local
clusterDNS: [$DNS_ADDRESS]
resolvConf: $STATE/resolv.conf
registerNode: true
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: "0%", nodefs.available: "0%", nodefs.inodesFree: "0%", imagefs.available: "0%"}
KUBELET
  daemon kubelet "${INSIDE[@]}" "$(program kubelet)" --config "$STATE/etc/kubelet.yaml" \
    --kubeconfig "$STATE/kubeconfig/kubelet" --hostname-override "$NODE" --node-ip "$NODE_ADDRESS"
}

start_cert_manager() {
  daemon cert-manager "${INSIDE[@]}" "$(program cert-manager-controller)" --kubeconfig "$STATE/kubeconfig/cert-manager" \
    --leader-elect=false --cluster-resource-namespace cert-manager
}

certificates_known() {
  admin get certificates,clusterissuers --all-namespaces
}

start_provisioner() {
  daemon provisioner "${INSIDE[@]}" "$(program provisioner)" --kubeconfig "$STATE/kubeconfig/provisioner" \
    --directory "$STATE/volumes"
}

node_registered() {
  admin get "node/$NODE"
}

start_network_policy() {
  daemon network-policy "${INSIDE[@]}" "$(program network-policy)" --kubeconfig "$STATE/kubeconfig/network-policy" \
    --node "$NODE" --service-cidr "$SERVICE_RANGE"
}

missing_packages() {
  local package
  for package in "${HOST_PACKAGES[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

install_now() {
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >&2
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  is_root || die "the node needs these Debian packages, and installing them needs root: ${missing[*]}"
  say "installing on this machine: ${missing[*]}"
  local containerd_was_there=yes
  command -v containerd >/dev/null || containerd_was_there=no
  install_now "${missing[@]}" || { apt-get -qq update && install_now "${missing[@]}"; }
  # Debian starts its own containerd on installation; the cluster runs one of its own.
  [[ $containerd_was_there == yes || ! -d /run/systemd/system ]] || systemctl disable --now containerd
}
