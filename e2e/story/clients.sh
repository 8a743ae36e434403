# Real map clients against a real map server: MapLibre GL JS and Leaflet in a browser, QGIS' way of asking, curl.
# SCREENSHOTS=folder keeps what the browser showed.
# shellcheck source=../lib/clients.sh
. e2e/lib/clients.sh

say "a map server for web pages of one origin"
"$cluster" kubectl create namespace clients > /dev/null
"$cluster" kubectl apply -n clients -f - > /dev/null << 'YAML'
apiVersion: mapwright.io/v1alpha1
kind: MapwrightInstance
metadata: {name: tiles}
spec:
  server: {image: "maptiler/tileserver-gl-light:v5.6.0"}
  hosts: [clients.example.com]
  tls: {issuerRef: {name: mapwright-ca, kind: ClusterIssuer}}
---
apiVersion: mapwright.io/v1alpha1
kind: OriginPolicy
metadata: {name: website}
spec: {origins: ["http://localhost:3000"]}
---
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata: {name: website}
spec:
  instanceRef: {name: tiles}
  scopes: [tiles, styles, fonts]
  originPolicyRefs: [{name: website}]
---
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata: {name: desktop}
spec: {instanceRef: {name: tiles}, scopes: [tiles, styles, fonts]}
YAML
clients_ready() { [ "$("$cluster" kubectl get mwi tiles -n clients -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ]; }
client_key() { "$cluster" kubectl get secret "$1-key" -n clients -o 'jsonpath={.data.key}' | base64 -d; }
within 120 "instance Ready" clients_ready
within 30 "keys delivered" client_key desktop
target clients tiles clients.example.com
website=$(client_key website)
desktop=$(client_key desktop)
address=$("$cluster" kubectl get service tiles -n clients -o 'jsonpath={.spec.clusterIP}')
CHROMIUM=$(chromium_path)
export CHROMIUM
modules=$(client_modules)
shots=${SCREENSHOTS:-$work}
mkdir -p "$shots"

# browse PAGE PORT NAME: what a page of http://localhost:PORT saw, as JSON.
browse() {
  "$cluster" exec timeout 150 node e2e/clients/browse.mjs "$modules" "$1" "$2" https://clients.example.com "$address" "$website" "$shots/$3.png" 2> "$work/browse.err" ||
    tail -n 3 "$work/browse.err"
}

say "browsers"
row "MapLibre GL JS, allowed origin" '{"loaded":true,"tiles":true}' "$(browse maplibre 3000 maplibre)"
row "MapLibre GL JS, foreign origin: a readable error" '{"loaded":false,"status":403,"code":"origin-denied"}' "$(browse maplibre 4000 maplibre-foreign)"
row "Leaflet <img> tiles, allowed origin" '{"loaded":true,"tiles":true}' "$(browse leaflet 3000 leaflet)"
row "Leaflet <img> tiles, foreign origin" '{"loaded":false,"tiles":false}' "$(browse leaflet 4000 leaflet-foreign)"

say "other clients"
row "QGIS' way: a template with ?key=" 200 "$(ask -A 'Mozilla/5.0 QGIS/33400/Debian GNU/Linux 12' "https://clients.example.com/data/countries/2/2/1.pbf?key=$desktop")" "$(header content-type)"
row "curl with HTTP/2" "200 2" "$(ask --http2 -H "X-Api-Key: $desktop" --write-out '%{http_code} %{http_version}' https://clients.example.com/styles/basic/style.json)"
row "  the style names the public host" yes "$(grep -q 'https://clients.example.com/' "$work/body" && echo yes || echo no)"
row "curl with HTTP/1.1" "200 1.1" "$(ask --http1.1 -H "X-Api-Key: $desktop" --write-out '%{http_code} %{http_version}' https://clients.example.com/data/countries.json)"

say "a server that writes the key into its documents, and a console behind client certificates"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=staff -keyout "$work/staff-ca.key" -out "$work/staff-ca.crt" 2> /dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ann -CA "$work/staff-ca.crt" -CAkey "$work/staff-ca.key" -keyout "$work/ann.key" -out "$work/ann.crt" 2> /dev/null
{
  cat << 'YAML'
spec:
  gateway: {keyPassthrough: true}
  server: {args: ["--log_format", ":method :status :res[content-length] - :response-time ms"]}
  controlPlane:
    hosts: [console.clients.example.com]
    allowedCidrs: [0.0.0.0/0]
    clientCa: |
YAML
  sed 's/^/      /' "$work/staff-ca.crt"
} > "$work/passthrough.yaml"
"$cluster" kubectl patch mwi tiles -n clients --type=merge --patch-file "$work/passthrough.yaml" > /dev/null
"$cluster" kubectl create -n clients -f - > /dev/null << 'YAML'
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata: {name: other}
spec: {instanceRef: {name: tiles}, scopes: [tiles, styles, fonts]}
YAML
within 30 "key delivered" client_key other
other=$(client_key other)
target clients tiles clients.example.com console.clients.example.com
# tiles_url KEY: the tile template that the client with this key gets.
tiles_url() {
  ask "https://clients.example.com/data/countries.json?key=$1" > /dev/null
  grep -o '"https://[^"]*{z}[^"]*"' "$work/body" | head -n 1 | tr -d '"'
}
own_key() { [[ "$(tiles_url "$desktop")" == *"?key=$desktop" ]]; }
within 120 "keys come back in TileJSON" own_key
# The former pod runs for some more seconds, and knows nothing of that.
alone() { [ "$("$cluster" kubectl get pods -n clients -l app.kubernetes.io/instance=tiles -o name | wc -l)" = 1 ]; }
within 60 "the pod before is gone" alone
# whose URL: the name of the key at its end.
whose() {
  case $1 in
    *"?key=$desktop") echo "desktop's key" ;;
    *"?key=$other") echo "other's key" ;;
    *) echo "no key that is known" ;;
  esac
}
row "TileJSON: the caller's own key comes back" "desktop's key" "$(whose "$(tiles_url "$desktop")")"
row "  another caller gets another" "other's key" "$(whose "$(tiles_url "$other")")"
row "  nothing of it is cached" "private, no-store" "$(header cache-control)"
template=$(tiles_url "$desktop")
row "  the URL works as it stands" 200 "$(ask "$(sed 's/{z}/2/; s/{x}/2/; s/{y}/1/' <<< "$template")")"
row "  a style has the same key" 200 "$(ask "https://clients.example.com/styles/basic/style.json?key=$desktop")" "$(grep -c "$other" "$work/body") of another"
row "  a key that was not accepted does not come back" 401 "$(ask "https://clients.example.com/data/countries.json?key=${desktop%?}0")"
row "  no key in any log" 0 "$("$cluster" kubectl logs -n clients -l app.kubernetes.io/instance=tiles --all-containers --tail=-1 | grep -c mpw_pk_ || true)"
row "console without a certificate: not there" "404 application/problem+json" "$(ask --write-out '%{http_code} %{content_type}' https://console.clients.example.com/admin)"
row "  with one of the own authority: the server" "404 text/html; charset=utf-8" "$(ask --cert "$work/ann.crt" --key "$work/ann.key" --write-out '%{http_code} %{content_type}' https://console.clients.example.com/admin)"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ann -keyout "$work/forged.key" -out "$work/forged.crt" 2> /dev/null
row "  with one of another: no handshake" "000 " "$(ask --cert "$work/forged.crt" --key "$work/forged.key" --write-out '%{http_code} %{content_type}' https://console.clients.example.com/admin)"
"$cluster" kubectl delete namespace clients --wait=false > /dev/null
