# The quickstart sample, with real requests that show each protection at work. Sourced by e2e/demo and e2e/stories.

say "kubectl apply -f samples/quickstart"
for namespace in maps monitoring visitors; do
  "$cluster" kubectl create namespace "$namespace" > /dev/null
done
applied=$SECONDS
"$cluster" kubectl apply -n maps -f samples/quickstart | sed 's/^/  /'
within 60 "certificate issued" field secret tiles-tls '{.metadata.name}'
within 60 "keys made" field secret website-key '{.metadata.name}'
within 120 "instance Ready" is_ready mwi tiles
printf '  %3s s  from apply to Ready\n' "$((SECONDS - applied))"
client visitors
client monitoring
target maps tiles maps.example.com console.example.com
pod=$(field pod -l app.kubernetes.io/component=server '{.items[0].status.podIP}')
website=$(key_of website-key)
planner=$(key_of route-planner-key)

tile=https://maps.example.com/data/countries/1/0/0.pbf
say "Real requests"
row "tile, no key" 401 "$(ask "$tile")" "$(problem)"
row "tile, good key" 200 "$(ask -H "X-Api-Key: $website" "$tile")" "$(wc -c < "$work/body") bytes, $(header content-type)"
row "tile, key as Bearer" 200 "$(ask -H "Authorization: Bearer $website" "$tile")"
row "tile, key as ?key=" 200 "$(ask "$tile?key=$website")"
row "tile, key without the scope" 403 "$(ask -H "X-Api-Key: $planner" "$tile")" "$(problem)"
row "path outside the route map" 404 "$(ask -H "X-Api-Key: $website" https://maps.example.com/etc/passwd)"
row "page of an allowed origin" 200 "$(ask -H "X-Api-Key: $website" -H "Origin: https://www.example.com" "$tile")" "Access-Control-Allow-Origin: $(header access-control-allow-origin)"
row "page of a foreign origin" 403 "$(ask -H "X-Api-Key: $website" -H "Origin: https://evil.example" "$tile")" "$(problem)"
row "control plane on the public host" 404 "$(ask https://maps.example.com/admin/)"
unknown=$(header content-type)
row "  the same answer as an unknown path" "application/problem+json" "$unknown"
row "control plane on its own host, from an address not listed" 404 "$(ask https://console.example.com/admin/)"
row "  the same answer as an unknown path" "application/problem+json" "$(header content-type)"
"$cluster" kubectl port-forward -n maps service/tiles 18443:443 > /dev/null 2>&1 &
forward=$!
forwarded() { ask --insecure --connect-to console.example.com:443:127.0.0.1:18443 https://console.example.com/admin/ > "$work/status"; [ "$(cat "$work/status")" != 000 ]; }
within 20 "port-forward" forwarded
row "control plane through kubectl port-forward: the server's own answer" "" "$(header content-type | grep problem || true)" "$(cat "$work/status")"
kill "$forward" 2> /dev/null || true
row "plain http" 308 "$(ask http://maps.example.com/data/countries.json)" "to $(header location)"
row "key sent over plain http" 403 "$(ask "http://maps.example.com/data/countries.json?key=$website")" "$(problem)"
row "security.txt" 200 "$(ask https://maps.example.com/.well-known/security.txt)" "$(grep -i contact "$work/body" || true)"
burst=$(for _ in $(seq 60); do printf 'url=https://maps.example.com/directions/v5/x\noutput=/dev/null\n'; done > "$work/burst"
  "$cluster" exec curl --silent --no-progress-meter --max-time 20 --cacert "$work/ca.crt" "${resolve[@]}" -H "X-Api-Key: $planner" --write-out '%{http_code}\n' --parallel --config "$work/burst" | grep -c '^429' || true)
row "60 routes at once; burst 20, a route costs 5" "some 429" "$([ "$burst" -gt 0 ] && echo "some 429" || echo "no 429")" "$burst of 60 refused"

say "The network"
row "a visitor's pod reaches the gateway" answered "$(from visitors "https://$pod:10443/")"
row "a visitor's pod reaches the server behind it" "no answer" "$(from visitors "http://$pod:8080/")"
row "a visitor's pod reaches the metrics" "no answer" "$(from visitors "http://$pod:10404/metrics")"
row "a monitoring pod reaches the metrics" answered "$(from monitoring "http://tiles-metrics.maps:10404/metrics")"
api=$("$cluster" kubectl get service kubernetes -o 'jsonpath={.spec.clusterIP}')
row "the API server answers a visitor's pod" answered "$(from visitors "https://$api/")"
reach=$("$cluster" kubectl exec -n maps deployment/tiles -c server -- node -e \
  "const s=require('net').connect(443,'$api',()=>{console.log('answered');process.exit()});s.setTimeout(3000,()=>{console.log('no answer');process.exit()});s.on('error',()=>{console.log('no answer');process.exit()})" 2> /dev/null || true)
row "the map server reaches out" "no answer" "$reach"
metrics=$("$cluster" kubectl exec -n monitoring client -- curl --silent --max-time 5 http://tiles-metrics.maps:10404/metrics | grep -c '^haproxy_' || true)
row "metrics are scraped" yes "$([ "$metrics" -gt 10 ] && echo yes || echo no)" "$metrics samples"

say "A backup, and a key that is revoked"
"$cluster" kubectl create job first-backup --from=cronjob/tiles-backup -n maps > /dev/null
"$cluster" kubectl wait -n maps --for=condition=Complete job/first-backup --timeout=90s > /dev/null || true
"$cluster" kubectl wait -n maps --for=jsonpath='{.status.backup.newest.id}' mwi/tiles --timeout=30s > /dev/null || true
snapshot=$("$cluster" kubectl get mwi tiles -n maps -o 'jsonpath={.status.backup.newest.id}')
row "a backup ran and its snapshot is listed" yes "$([ -n "$snapshot" ] && echo yes || echo no)" "$snapshot"
"$cluster" kubectl patch mwk website -n maps --type=merge -p '{"spec":{"revoked":true}}' > /dev/null
revoked=$(date +%s%N)
until [ "$(ask -H "X-Api-Key: $website" "$tile")" = 401 ] || (($(date +%s%N) - revoked > 5000000000)); do :; done
row "revoked key" 401 "$(ask -H "X-Api-Key: $website" "$tile")" "refused within $((($(date +%s%N) - revoked) / 1000000)) ms, first look included"
leaks=$("$cluster" kubectl logs -n maps deployment/tiles --all-containers --tail=-1 | grep -c mpw_pk_ || true)
row "keys in the logs of the pod" 0 "$leaks"
