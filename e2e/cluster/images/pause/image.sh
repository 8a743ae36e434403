# Holds a pod's namespaces open, does nothing else.
# shellcheck shell=bash disable=SC2034
REFERENCES=(mapwright.test/pause:1)
PROGRAMS=(pause)
CONFIG='{"Entrypoint": ["/pause"], "User": "65535:65535"}'

fill() {
  install -m 755 "$(program pause)" "$1/pause"
}
