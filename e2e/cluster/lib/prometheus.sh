# Prometheus's tool for testing alerts, of Debian's package, on the host.
# shellcheck shell=bash

promtool_path() {
  local wrapper=$CACHE/promtool/promtool
  [[ -x $wrapper ]] || promtool_build "$wrapper" >&2
  echo "$wrapper"
}

promtool_build() {
  local tree tmp
  tree=$(debian_tree trixie prometheus)
  tmp=$(scratch promtool)
  cat >"$tmp/promtool" <<WRAPPER
#!/bin/sh
exec '$(tree_loader "$tree")' --library-path '$(tree_library_path "$tree")' '$tree/root/usr/bin/promtool' "\$@"
WRAPPER
  chmod 755 "$tmp/promtool"
  "$tmp/promtool" --version >/dev/null || die "promtool does not run here"
  publish "$tmp" "$(dirname "$1")"
}
