# The programs of the cluster, built from Go modules whose versions and checksums are committed in go/.
# shellcheck shell=bash

readonly CONTROL_PLANE_PROGRAMS=(etcd kube-apiserver kubectl kube-controller-manager)
readonly NODE_PROGRAMS=(kube-scheduler kubelet kube-proxy coredns cert-manager-controller
  network-policy provisioner pause rclone rest-server)
readonly MANIFESTS=(cert-manager gateway-api servicemonitor)

# program NAME: print its path, built if need be.
program() {
  local path
  path=$(program_path "$1")
  [[ -x $path ]] || locked "program-$1" program_build "$1" "$path" >&2
  echo "$path"
}

program_path() {
  case $1 in
    etcd | kube-apiserver | kubectl)
      if [[ -x ${KUBEBUILDER_ASSETS:-/nowhere}/$1 ]]; then
        echo "$KUBEBUILDER_ASSETS/$1"
        return
      fi
      ;;
  esac
  echo "$CACHE/bin/$1-$(program_version "$1")-$ARCH/$1"
}

program_version() {
  case $1 in
    etcd) echo "$ETCD_VERSION" ;;
    coredns) echo "$COREDNS_VERSION-$(sha256sum <"$HERE/go/coredns/main.go" | cut -c1-12)" ;;
    cert-manager-controller) echo "$CERT_MANAGER_VERSION" ;;
    kube*) echo "$KUBERNETES_VERSION" ;;
    rclone | rest-server) cat "$HERE"/go/repositories/go.sum "$HERE"/go/repositories/rclone/*.go | sha256sum | cut -c1-12 ;;
    *) cat "$HERE"/go/node/go.sum "$HERE/go/node/$1"/*.go | sha256sum | cut -c1-12 ;;
  esac
}

program_build() {
  local name=$1 target=$2 stamp=k8s.io/component-base/version
  [[ ! -x $target ]] || return 0
  case $name in
    etcd) go_build etcd go.etcd.io/etcd/server/v3 ;;
    coredns) go_build coredns . ;;
    cert-manager-controller) go_build cert-manager github.com/cert-manager/cert-manager/cmd/controller ;;
    # Unstamped, the API server calls itself v0.0.0 and version checks go wrong.
    kube*) go_build kubernetes "k8s.io/kubernetes/cmd/$name" "-X $stamp.gitVersion=v$KUBERNETES_VERSION" \
      "-X $stamp.gitMajor=1 -X $stamp.gitMinor=$(cut -d. -f2 <<<"$KUBERNETES_VERSION")" ;;
    rclone) go_build repositories ./rclone ;;
    rest-server) go_build repositories github.com/restic/rest-server/cmd/rest-server ;;
    *) go_build node "./$name" ;;
  esac
}

# go_build MODULE PACKAGE [LDFLAGS...]: caller's $name and $target.
go_build() {
  local tmp
  command -v go >/dev/null || die "building $name needs Go"
  say "building $name (the first time takes minutes)"
  tmp=$(scratch go)
  (cd "$HERE/go/$1" &&
    CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -buildvcs=false -ldflags "-s -w ${*:3}" -o "$tmp/$name" "$2")
  publish "$tmp" "$(dirname "$target")"
}

programs_build() {
  local name
  for name in "$@"; do
    program "$name" >/dev/null
  done
}

# The layout that fabric8's kube-api-test reads in offline mode.
assets() {
  local directory=$CACHE/assets-$ETCD_VERSION name target
  target=$directory/k8s/$KUBERNETES_VERSION-linux-$ARCH
  mkdir -p "$target"
  for name in etcd kube-apiserver kubectl; do
    ln -sfn "$(program "$name")" "$target/$name"
  done
  echo "$directory"
}

# manifest cert-manager|gateway-api|servicemonitor: print the path of those CRDs as one file. They come from the
# projects' own Go modules, so go.sum guards them like code.
manifest() {
  local file
  file=$CACHE/manifests/$1-$(sha256sum "$HERE/go/manifests/go.sum" | cut -c1-12).yaml
  [[ -e $file ]] || locked manifests manifest_build "$1" "$file" >&2
  echo "$file"
}

manifest_build() {
  local tmp
  tmp=$(scratch manifest)
  case $1 in
    cert-manager)
      # The files are Helm templates; only their labels are.
      concatenate "$(module_directory github.com/cert-manager/cert-manager)"/deploy/crds/crd-*.yaml |
        grep -v '{{' >"$tmp/yaml"
      ;;
    gateway-api)
      concatenate "$(module_directory sigs.k8s.io/gateway-api)"/config/crd/standard/*_{gatewayclasses,gateways,httproutes}.yaml >"$tmp/yaml"
      ;;
    servicemonitor)
      concatenate "$(module_directory github.com/prometheus-operator/prometheus-operator)"/example/prometheus-operator-crd/*_{servicemonitors,prometheusrules}.yaml >"$tmp/yaml"
      ;;
    *) die "no manifest '$1'" ;;
  esac
  publish "$tmp/yaml" "$2"
  rmdir "$tmp"
}

module_directory() {
  (cd "$HERE/go/manifests" && go mod download -json "$1" | jq -er .Dir)
}

concatenate() {
  local file
  for file in "$@"; do
    echo ---
    cat "$file"
  done
}
