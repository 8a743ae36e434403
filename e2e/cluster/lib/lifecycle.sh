# start, stop, status and the ways into a running cluster.
# shellcheck shell=bash

# admin ARG...: kubectl as the cluster's administrator, quietly usable by the other files.
admin() {
  local enter=()
  ! sandboxed || enter=(nsenter --net="$NETNS")
  "${enter[@]}" "$(program kubectl)" --kubeconfig "$STATE/kubeconfig/admin" "$@"
}

running() {
  [[ -e $STATE/started ]] && all_alive
}

require_running() {
  running || die "cluster '$NAME' is not running: 'cluster start' first"
}

start() {
  local mode=${1:-node} began=${EPOCHREALTIME/./}
  case $mode in
    node) is_root || die "a node needs root; without it there is 'cluster start --control-plane'" ;;
    --control-plane) ;;
    *) die "start [--control-plane], not '$mode'" ;;
  esac
  if running; then
    [[ $mode != node ]] || sandboxed || die "'$NAME' is running without a node: stop it first"
    say "'$NAME' is already running"
    return
  fi
  if [[ -e $STATE ]]; then
    say "removing what is left of '$NAME'"
    remove
  fi
  build "${mode/--/}"
  mkdir -p -m 755 "$STATE_HOME"
  # In a folder that anyone may write to, somebody else could have made it first.
  [[ -O $STATE_HOME && ! -L $STATE_HOME ]] || die "$STATE_HOME belongs to somebody else"
  mkdir -p "$STATE"/{pids,log,etc}
  touch "$STATE/is-a-mapwright-cluster"
  if [[ $mode == node ]]; then
    start_node
  else
    start_control_plane_only
  fi
  touch "$STATE/started"
  began=$(((${EPOCHREALTIME/./} - began) / 100000))
  say "'$NAME' is ready after $((began / 10)).$((began % 10)) s"
}

stop() {
  if [[ ! -e $STATE ]]; then
    say "'$NAME' is not running"
    return
  fi
  remove
  say "'$NAME' is gone"
}

remove() {
  # Only a folder that this tool has made is ever removed.
  [[ -e $STATE/is-a-mapwright-cluster ]] || die "$STATE is not a cluster's state: remove it yourself"
  if sandboxed; then
    is_root || die "cluster '$NAME' was started by root"
    remove_sandbox
  else
    # Without etcd the API server does not end on SIGTERM.
    end_daemons kube-controller-manager kube-apiserver etcd
  fi
  wait_for 10 "$STATE to be removed" rm -rf --one-file-system "$STATE"
  rmdir --ignore-fail-on-non-empty "$STATE_HOME"
}

status() {
  local name
  if [[ ! -e $STATE ]]; then
    echo "$NAME: stopped"
    return 3
  fi
  for name in $(daemon_names); do
    printf '%-24s %s\n' "$name" "$(alive "$name" && echo running || echo DEAD)"
  done
  running || { echo "$NAME: broken"; return 1; }
  echo "$NAME: running"
}

print_state() {
  require_running
  echo "$STATE"
}

print_kubeconfig() {
  require_running
  echo "$STATE/kubeconfig/admin"
}

run_kubectl() {
  require_running
  exec_inside "$(program kubectl)" "$@"
}

exec_inside() {
  require_running
  export KUBECONFIG=$STATE/kubeconfig/admin
  ! sandboxed || inside "$@"
  exec "$@"
}

addon() {
  require_running
  case ${1:-} in
    servicemonitor | gateway-api) admin apply --server-side -f "$(manifest "$1")" ;;
    *) die "addon servicemonitor|gateway-api" ;;
  esac
}

images() {
  local verb=${1:-list} archive
  shift || true
  case $verb in
    list) images_list ;;
    build) images_build "$@" ;;
    load)
      require_running
      for archive in "$@"; do
        containerd_ctl images import "$archive"
      done
      ;;
    *) die "images [list|build|load FILE.tar...]" ;;
  esac
}

build() {
  local name
  # What an interrupted build left behind.
  [[ ! -d $CACHE/tmp ]] || find "$CACHE/tmp" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} +
  case ${1:-node} in
    control-plane)
      command -v openssl >/dev/null || die "a control plane needs openssl"
      programs_build "${CONTROL_PLANE_PROGRAMS[@]}"
      ;;
    node)
      install_packages
      programs_build "${CONTROL_PLANE_PROGRAMS[@]}" "${NODE_PROGRAMS[@]}"
      for name in "${MANIFESTS[@]}"; do
        manifest "$name" >/dev/null
      done
      images_build >/dev/null
      ;;
    *) die "build [control-plane|node]" ;;
  esac
}
