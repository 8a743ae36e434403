# What a map server tries that does not keep to itself: its gateway's ports, on a real node.

say "untrusted: a map server that goes for its gateway's ports"
"$cluster" kubectl create namespace untrusted > /dev/null
"$cluster" kubectl apply -n untrusted -f - > /dev/null << 'YAML'
apiVersion: mapwright.io/v1alpha1
kind: MapwrightInstance
metadata:
  name: tiles
spec:
  server:
    image: maptiler/tileserver-gl-light:v5.6.0
  hosts: [untrusted.example.com]
  tls:
    issuerRef: {name: mapwright-ca, kind: ClusterIssuer}
YAML
instance_is() { [ "$("$cluster" kubectl get mwi tiles -n untrusted -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = "$1" ]; }
within 90 "instance Ready" instance_is True
pod=$("$cluster" kubectl get pods -n untrusted -l app.kubernetes.io/component=server -o 'jsonpath={.items[0].metadata.name}')
user_of() { "$cluster" kubectl exec -n untrusted "$pod" -c "$1" -- sh -c 'while read -r name own _; do [ "$name" != Uid: ] || echo "$own"; done < /proc/1/status'; }
row "the gateway has a user of its own" "65531 65532" "$(user_of gateway) $(user_of server)"
# server_runs SCRIPT: by the map server's own user, in its own container.
server_runs() { "$cluster" kubectl exec -n untrusted "$pod" -c server -- node -e "$1" 2> /dev/null || true; }
row "the server sees the gateway's process" no "$(server_runs "console.log(require('fs').readdirSync('/proc').some(p=>{try{return /[h]aproxy/.test(require('fs').readFileSync('/proc/'+p+'/cmdline'))}catch{return false}})?'yes':'no')")"
listens="const [host,port]=process.argv[1].split(' ');require('net').createServer().on('error',e=>{console.log(e.code);process.exit()}).listen({host,port:+port,reusePort:true},()=>{console.log('listens');process.exit()})"
for port in 10443 10080 10404 10998 10999; do
  for host in 0.0.0.0 127.0.0.1 ::1; do
    row "the server listens on $host $port" EADDRINUSE "$("$cluster" kubectl exec -n untrusted "$pod" -c server -- node -e "$listens" "$host $port" 2> /dev/null || true)"
  done
done

say "it goes for the operator's port"
address=$("$cluster" kubectl get pod -n untrusted "$pod" -o 'jsonpath={.status.podIP}')
asks="const [host]=process.argv.slice(1);const s=require('net').connect(10999,host);const say=w=>{console.log(w);process.exit()};s.setTimeout(2000,()=>say('held'));s.on('error',()=>say('refused'));s.on('close',()=>say('refused'))"
for host in 127.0.0.1 ::1 "$address"; do
  row "a connection from inside to $host" refused "$("$cluster" kubectl exec -n untrusted "$pod" -c server -- node -e "$asks" "$host" 2> /dev/null || true)"
done
synced() { [ "$("$cluster" kubectl get mwi tiles -n untrusted -o 'jsonpath={.status.conditions[?(@.type=="KeysInSync")].status}')" = True ]; }
row "the operator is still in" yes "$(synced && echo yes || echo no)"

say "it takes the port of the probes while its gateway restarts"
squats="const take=()=>require('http').createServer((q,a)=>a.end('ok')).on('error',()=>setTimeout(take,2)).listen({host:'0.0.0.0',port:10404});take();setTimeout(()=>process.exit(),40000)"
"$cluster" kubectl exec -n untrusted "$pod" -c server -- node -e "$squats" > /dev/null 2>&1 &
squatter=$!
sleep 2
"$cluster" kubectl exec -n untrusted "$pod" -c gateway -- sh -c 'kill 1' > /dev/null 2>&1 || true
pod_is() { [ "$("$cluster" kubectl get pod -n untrusted "$pod" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = "$1" ]; }
within 20 "pod not ready" pod_is False
seen=$(for _ in $(seq 20); do pod_is True && echo ready; sleep 1; done | sort -u)
row "a port that answers 200 makes no pod ready" "" "$seen"
row "the instance says so" yes "$(instance_is True && echo no || echo yes)"
wait "$squatter" || true
within 120 "the gateway has its ports back" instance_is True
"$cluster" kubectl delete namespace untrusted --wait=false > /dev/null
