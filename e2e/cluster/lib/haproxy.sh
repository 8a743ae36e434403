# HAProxy releases on the host, side by side, for tests that need one without a cluster.
# shellcheck shell=bash

haproxy_suite() {
  case $1 in
    2.6) echo bookworm ;;
    3.0) echo trixie ;;
    3.2) echo sid ;;
    3.4) echo experimental ;;
    *) die "HAProxy 2.6, 3.0, 3.2 or 3.4, not '$1'" ;;
  esac
}

haproxy_path() {
  local wrapper=$CACHE/haproxy/$1/haproxy suite
  suite=$(haproxy_suite "$1") || exit 1
  [[ -x $wrapper ]] || haproxy_build "$1" "$suite" "$wrapper" >&2
  echo "$wrapper"
}

# haproxy_tree VERSION SUITE PACKAGE...: a rolling suite may have moved on; a wrong release must not pass for the right one.
haproxy_tree() {
  local tree
  tree=$(debian_tree "$2" haproxy "${@:3}")
  grep -q "^haproxy $1\." "$tree/MANIFEST" ||
    die "Debian $2 has $(grep '^haproxy ' "$tree/MANIFEST"), not $1"
  echo "$tree"
}

haproxy_build() {
  local version=$1 suite=$2 wrapper=$3 tree tmp
  tree=$(haproxy_tree "$version" "$suite")
  tmp=$(scratch haproxy)
  # --argv0: in master-worker mode HAProxy runs its own argv[0] again on reload, which must be this wrapper.
  cat >"$tmp/haproxy" <<WRAPPER
#!/bin/sh
exec '$(tree_loader "$tree")' --library-path '$(tree_library_path "$tree")' --argv0 '$wrapper' '$tree/root/usr/sbin/haproxy' "\$@"
WRAPPER
  chmod 755 "$tmp/haproxy"
  [[ $("$tmp/haproxy" -v) == *"version $version."* ]] || die "HAProxy $version does not run here"
  publish "$tmp" "$(dirname "$wrapper")"
}
