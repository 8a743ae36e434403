# For test pods: anyone who talks to a Service from inside the cluster.
# shellcheck shell=bash disable=SC2034
REFERENCES=(mapwright.test/client:1)
TREES=("trixie curl openssl ca-certificates $SHELL_PACKAGES")
CONFIG='{
  "User": "65532:65532",
  "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  "Cmd": ["/bin/sh"]
}'

fill() {
  local tree
  # shellcheck disable=SC2086 # suite and packages are words
  tree=$(debian_tree ${TREES[0]})
  add_shell "$1" "$tree"
  add_certificates "$1" "$tree"
  add_programs "$1" "$tree" usr/bin/curl usr/bin/openssl
}
