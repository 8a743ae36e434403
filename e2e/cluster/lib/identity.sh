# Certificates and kubeconfigs: one identity per component, so that the audit log shows who wrote.
# shellcheck shell=bash

# server_identity ADDRESS: the cluster's authority and what the API server itself needs.
server_identity() {
  mkdir -p "$STATE/pki" "$STATE/kubeconfig"
  chmod 700 "$STATE/pki" "$STATE/kubeconfig"
  new_key ca
  openssl req -x509 -new -key "$STATE/pki/ca.key" -subj /CN=mapwright-test -days 365 -out "$STATE/pki/ca.crt"
  new_key service-account
  signed apiserver /CN=kube-apiserver "subjectAltName=IP:$1,IP:127.0.0.1,IP:$KUBERNETES_ADDRESS,DNS:localhost,$(
    printf 'DNS:%s,' kubernetes kubernetes.default kubernetes.default.svc
  )DNS:kubernetes.default.svc.cluster.local"
  signed apiserver-to-kubelet /O=system:masters/CN=kube-apiserver
}

# identities SERVER NAME...: a kubeconfig per NAME.
identities() {
  local name
  for name in "${@:2}"; do
    signed "$name" "$(subject "$name")"
    kubeconfig "$name" "$1" >"$STATE/kubeconfig/$name"
  done
}

# Kubernetes knows its own components by name; the others here may do what they like.
subject() {
  case $1 in
    kube-controller-manager | kube-scheduler | kube-proxy) echo "/CN=system:$1" ;;
    kubelet) echo "/O=system:nodes/CN=system:node:$NODE" ;;
    *) echo "/O=system:masters/CN=$1" ;;
  esac
}

new_key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$STATE/pki/$1.key"
}

signed() {
  new_key "$1"
  openssl req -new -key "$STATE/pki/$1.key" -subj "$2" -out "$STATE/pki/$1.csr"
  openssl x509 -req -in "$STATE/pki/$1.csr" -CA "$STATE/pki/ca.crt" -CAkey "$STATE/pki/ca.key" -days 365 \
    -set_serial "0x$(openssl rand -hex 8)" -out "$STATE/pki/$1.crt" 2>/dev/null \
    -extfile <(printf '%s\n' 'extendedKeyUsage=serverAuth,clientAuth' "${3:-}")
  rm "$STATE/pki/$1.csr"
}

kubeconfig() {
  cat <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: "$NAME"
clusters:
  - name: "$NAME"
    cluster: {server: "$2", certificate-authority-data: $(base64 -w0 "$STATE/pki/ca.crt")}
users:
  - name: "$1"
    user:
      client-certificate-data: $(base64 -w0 "$STATE/pki/$1.crt")
      client-key-data: $(base64 -w0 "$STATE/pki/$1.key")
contexts:
  - name: "$NAME"
    context: {cluster: "$NAME", user: "$1"}
KUBECONFIG
}
