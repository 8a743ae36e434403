# The cluster's DNS server runs as a pod, so that NetworkPolicies can name it the usual way.
# shellcheck shell=bash disable=SC2034
REFERENCES=("docker.io/coredns/coredns:$COREDNS_VERSION")
PROGRAMS=(coredns)
CONFIG='{"Entrypoint": ["/coredns"], "User": "65532:65532"}'

fill() {
  install -m 755 "$(program coredns)" "$1/coredns"
}
