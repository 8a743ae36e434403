# The walls around a whole cluster: a network namespace that leads nowhere, a mount namespace in which the usual
# system folders are the cluster's own, and a cgroup that holds every process of it.
# shellcheck shell=bash

readonly NETNS_DIRECTORY=/run/netns NODE_ADDRESS=10.10.0.2 POD_RANGE=10.244.0.0/16
NETNS=$NETNS_DIRECTORY/mw-$NAME
CGROUP=mw-$NAME
NODE=$NAME

sandboxed() { [[ -e $STATE/node ]]; }

cgroup_hierarchies() {
  awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts
}

# One hierarchy is enough to find the processes again; version 1 has several.
tracking_cgroup() {
  if [[ -d /sys/fs/cgroup/pids ]]; then
    echo "/sys/fs/cgroup/pids/$CGROUP"
  else
    echo "/sys/fs/cgroup/$CGROUP"
  fi
}

create_cgroup() {
  local hierarchy
  for hierarchy in $(cgroup_hierarchies); do
    mkdir -p "$hierarchy/$CGROUP"
  done
  mkdir -p "$(tracking_cgroup)/daemons"
  [[ ! -e $(tracking_cgroup)/cgroup.subtree_control ]] ||
    sed 's/[^ ]\+/+&/g' "$(tracking_cgroup)/cgroup.controllers" >"$(tracking_cgroup)/cgroup.subtree_control"
}

# Called in the child that becomes the daemon; its children stay in the cgroup whatever happens to their parents.
join_cgroup() {
  ! sandboxed || echo "$BASHPID" >"$(tracking_cgroup)/daemons/cgroup.procs"
}

cgroup_processes() {
  local top
  top=$(tracking_cgroup)
  [[ ! -d $top ]] || find "$top" -name cgroup.procs -exec cat {} + 2>/dev/null
}

# Nothing but this cluster ever enters its cgroup, so whatever is in there may be killed.
kill_cgroup() {
  local pids
  mapfile -t pids < <(cgroup_processes)
  [[ ${#pids[@]} -gt 0 ]] || return 0
  kill -KILL "${pids[@]}" 2>/dev/null
  return 1
}

remove_cgroup() {
  local hierarchy left=0
  for hierarchy in $(cgroup_hierarchies); do
    [[ ! -d $hierarchy/$CGROUP ]] || find "$hierarchy/$CGROUP" -depth -type d -exec rmdir {} + || left=1
  done
  return $left
}

create_network() {
  mkdir -p "$NETNS_DIRECTORY"
  : >"$NETNS"
  # Not "ip netns add": that would also turn the folder itself into a mount that stays behind.
  unshare --net="$NETNS" true
  # The peer's end is the other side of a cable to nowhere: it gives the node an address and a default route.
  nsenter --net="$NETNS" bash -euc "
    ip link set lo up
    ip link add eth0 type veth peer name nowhere
    ip addr add $NODE_ADDRESS/24 dev eth0
    ip link set nowhere up
    ip link set eth0 up
    ip route add default via 10.10.0.1 dev eth0
    echo 1 >/proc/sys/net/ipv4/ip_forward
    echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables || true" 2>/dev/null
}

remove_network() {
  [[ -e $NETNS ]] || return 0
  umount "$NETNS" 2>/dev/null || true
  rm "$NETNS"
  rmdir --ignore-fail-on-non-empty "$NETNS_DIRECTORY"
}

# containerd, the kubelet and CNI have paths that no setting moves. Here those folders are the cluster's own, and
# every mount below them ends with the last process of the cluster.
create_mounts() {
  mkdir -p "$STATE"/{run,lib,log,volumes}
  cat >"$STATE/resolv.conf" <<RESOLV
search default.svc.cluster.local svc.cluster.local cluster.local
nameserver $DNS_ADDRESS
options ndots:5
RESOLV
  daemon sandbox nsenter --net="$NETNS" unshare --mount --propagation private bash -euc "
    mount --bind '$STATE/lib' /var/lib
    mount --bind '$STATE/log' /var/log
    mount --bind '$STATE/run' /run
    touch /run/sandboxed
    exec '$(program pause)'"
  wait_ready 10 sandbox test -e "$STATE/run/sandboxed"
}

create_sandbox() {
  touch "$STATE/node"
  create_cgroup
  create_network
  create_mounts
  read -r SANDBOX _ <"$STATE/pids/sandbox"
  INSIDE=(nsenter --net="/proc/$SANDBOX/ns/net" --mount="/proc/$SANDBOX/ns/mnt")
}

remove_sandbox() {
  wait_for 20 "the cluster's processes to end" kill_cgroup
  wait_for 10 "the cluster's cgroups to go" remove_cgroup
  remove_network
}

# inside CMD...: run a user's command in the cluster's network, with its DNS, in the machine's own files.
inside() {
  # shellcheck disable=SC2016 # expanded by the inner shell
  exec nsenter --net="$NETNS" unshare --mount --propagation slave \
    bash -c 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"' inside "$STATE/resolv.conf" "$@"
}
