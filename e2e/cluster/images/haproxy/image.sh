# Laid out like the official image: its paths, user, entrypoint and stop signal.
# shellcheck shell=bash disable=SC2034
REFERENCES=("docker.io/library/haproxy:$VARIANT")
SUITE=$(haproxy_suite "$VARIANT")
TREES=("$SUITE haproxy $SHELL_PACKAGES")
CONFIG='{
  "User": "haproxy",
  "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  "Entrypoint": ["docker-entrypoint.sh"],
  "Cmd": ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"],
  "WorkingDir": "/var/lib/haproxy",
  "StopSignal": "SIGUSR1"
}'

fill() {
  local tree
  # shellcheck disable=SC2086 # the packages are words
  tree=$(haproxy_tree "$VARIANT" "$SUITE" $SHELL_PACKAGES)
  add_shell "$1" "$tree"
  add_programs "$1" "$tree" usr/sbin/haproxy
  mv "$1/usr/sbin/haproxy" "$1/usr/local/sbin/haproxy"
  ln -s ../local/sbin/haproxy "$1/usr/sbin/haproxy"
  install -m 755 "$RECIPE/docker-entrypoint.sh" "$1/usr/local/bin/"
  mkdir -p "$1/usr/local/etc/haproxy" "$1/var/lib/haproxy"
  chmod 1777 "$1/var/lib/haproxy"
}
