# Paths, messages and the few primitives every other file uses.
# shellcheck shell=bash

readonly KUBERNETES_VERSION=1.36.3
readonly ETCD_VERSION=3.6.16
readonly COREDNS_VERSION=1.14.2
readonly CERT_MANAGER_VERSION=1.11.5

CACHE=${MAPWRIGHT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mapwright}
ARCH=$(dpkg --print-architecture 2>/dev/null || echo amd64)
NAME=${CLUSTER_NAME:-mapwright}
STATE_HOME=${MAPWRIGHT_STATE:-/tmp/mapwright-$UID}
STATE=$STATE_HOME/$NAME

[[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
  { echo "cluster: CLUSTER_NAME must be a short DNS label, not '$NAME'" >&2; exit 2; }

say() { printf 'cluster: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

is_root() { [[ $EUID -eq 0 ]]; }

# publish TMP TARGET: a cache entry appears whole or not at all, no matter who is interrupted.
publish() {
  mkdir -p "$(dirname "$2")"
  rm -rf -- "$2"
  mv -T -- "$1" "$2"
}

scratch() {
  mkdir -p "$CACHE/tmp"
  mktemp -d "$CACHE/tmp/$1.XXXXXX"
}

# locked NAME CMD...: two callers never do the same thing at once. The lock is the kernel's, so a killed holder
# leaves none behind. What CMD starts does not inherit it: a daemon must not hold it forever.
locked() {
  local lock=$CACHE/locks/$1
  shift
  mkdir -p "$CACHE/locks"
  exec 9>"$lock"
  flock 9
  "$@" 9>&-
  exec 9>&-
}

# wait_for SECONDS WHAT CMD...: poll quickly, give up loudly.
wait_for() {
  local seconds=$1 what=$2 deadline
  shift 2
  deadline=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { say "gave up after ${seconds}s waiting for $what"; return 1; }
    sleep 0.1
  done
}
