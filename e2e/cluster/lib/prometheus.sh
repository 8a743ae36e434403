# Prometheus and its tool for testing alerts, of Debian's package, on the host.
# shellcheck shell=bash

# prometheus_path PROGRAM: print the path of prometheus or promtool.
prometheus_path() {
  local folder=$CACHE/prometheus
  [[ -x $folder/$1 ]] || prometheus_build "$folder" >&2
  echo "$folder/$1"
}

prometheus_build() {
  local tree tmp program
  tree=$(debian_tree trixie prometheus)
  tmp=$(scratch prometheus)
  for program in prometheus promtool; do
    cat >"$tmp/$program" <<WRAPPER
#!/bin/sh
exec '$(tree_loader "$tree")' --library-path '$(tree_library_path "$tree")' '$tree/root/usr/bin/$program' "\$@"
WRAPPER
    chmod 755 "$tmp/$program"
    "$tmp/$program" --version >/dev/null || die "$program does not run here"
  done
  publish "$tmp" "$1"
}
