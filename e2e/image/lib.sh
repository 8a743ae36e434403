# Runs the operator out of its unpacked image, on this machine, against an API server of its own. Source it.
# shellcheck shell=bash

# unpack ARCHIVE FOLDER
unpack() {
  local layer
  mkdir -p "$2"
  for layer in $(tar -xOf "$1" manifest.json | tr '",' '\n\n' | grep '\.tar\.gz$'); do
    tar -xOf "$1" "$layer" | tar --warning=no-unknown-keyword -xzf - -C "$2"
  done
}

# aot_inputs ROOT: checksums of what an AOT cache is made from: the jars of the class path in their order, the options and
# the Java runtime.
aot_inputs() (
  cd "$1"
  {
    # A folder's jars stand there as FOLDER/*, which the JVM expands, in an order of its own.
    { cat app/jib-classpath-file; echo; } | tr ':' '\n' | sed '/^$/d; s#^/##' | while IFS= read -r entry; do
      case $entry in
        */\*) find "${entry%/\*}" -name '*.jar' | LC_ALL=C sort ;;
        *) printf '%s\n' "$entry" ;;
      esac
    done
    printf '%s\n' app/jvm.options opt/java/release opt/java/lib/modules
  } | xargs -d '\n' sha256sum
)

# same_aot_inputs ROOT: whether the AOT cache in it was made from what is in it. The JVM itself looks at the length and the
# time of a jar only, and all in the image have one time: of JDK 25.0.2 and 25.0.3 it is known that they serve classes of a
# jar that was replaced.
same_aot_inputs() {
  diff "$1/app/operator.aot.inputs" <(aot_inputs "$1")
}

# control_plane FOLDER: start one, with the CRDs, and put what a pod would find of it into FOLDER. The caller stops it.
control_plane() {
  "$cluster" build control-plane > /dev/null
  "$cluster" start --control-plane
  "$cluster" kubectl apply --server-side -f crds > "$1/kubectl.log"
  local end=$((SECONDS + 30))
  # A definition that has no condition at all yet makes wait fail at once instead of waiting.
  until "$cluster" kubectl wait --for=condition=Established crd --all --timeout=30s >> "$1/kubectl.log" 2>&1; do
    if ((SECONDS > end)); then
      echo "gave up waiting for the CRDs to be established; see $1/kubectl.log" >&2
      return 1
    fi
    sleep 0.5
  done
  "$cluster" kubectl create serviceaccount operator >> "$1/kubectl.log"
  "$cluster" kubectl create clusterrolebinding operator --clusterrole=cluster-admin --serviceaccount=default:operator \
    >> "$1/kubectl.log"
  "$cluster" kubectl create token operator --duration=4h > "$1/token"
  "$cluster" kubectl config view --raw -o 'jsonpath={.clusters[0].cluster.server}' > "$1/server"
  "$cluster" kubectl config view --raw -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d \
    > "$1/ca.crt"
}

# run_operator ROOT FOLDER PORT OPTION...: becomes the operator of the image unpacked in ROOT, with the environment and the
# memory that the chart's pod has. Its metrics are on PORT, open to this machine, its probes on the next one.
run_operator() {
  local root=$1 folder=$2 port=$3
  shift 3
  exec env -i \
    PATH="$PATH" LANG=C.UTF-8 MALLOC_ARENA_MAX=2 \
    KUBERNETES_MASTER="$(cat "$folder/server")" KUBERNETES_CERTS_CA_FILE="$folder/ca.crt" \
    KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN="$folder/token" KUBERNETES_AUTH_TRYKUBECONFIG=false \
    POD_NAME="operator-$port" POD_NAMESPACE=default LEADER_ELECTION=true LOG_FORMAT=json \
    PORT="$port" PROBE_PORT="$((port > 0 ? port + 1 : 0))" METRICS_AUTH=none \
    "$root/opt/java/bin/java" "@$root/app/jvm.options" -XX:MaxRAM=320m "$@" \
    -cp "$(sed "s#/app/#$root/app/#g" "$root/app/jib-classpath-file")" io.mapwright.operator.Main
}

# ask PORT PATH
ask() {
  curl --silent --fail --max-time 2 "http://127.0.0.1:$1$2"
}

# within SECONDS COMMAND...: repeat a command until it succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}
