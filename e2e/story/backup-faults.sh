# Backups that are disturbed at each stage: a program is killed as the kernel does for want of memory, the repository's
# server goes away in the middle, its disk is full. Each time the condition says what happened, and the next run is well.

. e2e/lib/backups.sh
of=disturbed

sql() { backups exec deployment/features-database -- psql -h /tmp -U postgres -At -c "$1"; }
vault() { k exec -n strongroom deployment/vault -c rest -- sh -c "$1"; }
start() { backups create job "$1" --from=cronjob/"${2:-tiles-backup}" > /dev/null; }
pod() { backups get pods -l "job-name=$1" --sort-by=.metadata.creationTimestamp -o name | tail -n 1; }
# at_stage JOB STAGE: whether restic's container of the newest pod is there.
at_stage() { [ "$(backups logs "$(pod "$1")" -c restic | grep '^== ' | tail -n 1)" = "== $2" ]; }
# strike JOB CONTAINER PROGRAM: kills it; fails while it does not run.
strike() {
  # shellcheck disable=SC2016 # the other shell's own
  backups exec "$(pod "$1")" -c "$2" -- sh -c '
    for process in /proc/[0-9]*; do
      read -r name < "$process/comm" && [ "$name" = "$0" ] && kill -9 "${process#/proc/}" && struck=yes
    done 2> /dev/null
    [ "${struck:-}" = yes ]' "$3"
}
completed() { [ "$(backups get job "$1" -o 'jsonpath={.status.succeeded}')" = 1 ]; }
# A dead pod's lock counts for half an hour; this is what that time would do.
unlocked() { vault 'rm -f /vault/rest/disturbed/locks/*'; }

say "disturbed backups: files and a database to a REST server"
k create namespace strongroom > /dev/null
k create namespace disturbed > /dev/null
k apply -n strongroom -f e2e/story/backup.yaml > /dev/null
backups apply -f samples/backup-s3/03-database.yaml > /dev/null
cat << 'YAML' | backups apply -f - > /dev/null
apiVersion: mapwright.io/v1alpha1
kind: MapwrightInstance
metadata: {name: tiles}
spec:
  server:
    image: maptiler/tileserver-gl-light:v5.6.0
    volume: {size: 2Gi}
    database: {urlSecretRef: {name: features-database, key: url}}
  hosts: [disturbed.example.com]
  tls: {issuerRef: {name: mapwright-ca, kind: ClusterIssuer}}
  network: {egressTo: [{podLabels: {app: features-database}, ports: [5432]}]}
  backup:
    schedule: "0 3 * * *"
    repository: {rest: {url: "http://vault.strongroom:8000/disturbed/"}}
    checkSchedule: "0 5 * * 0"
    checkSubset: 100%
    postgres: {}
YAML
k wait -n strongroom --for=condition=Available deployment/vault --timeout=90s > /dev/null
within 120 "instance Ready" serves
within 60 "database up" sql 'SELECT 1'
sql 'CREATE TABLE places AS SELECT n, md5(n::text) FROM generate_series(1, 20000) n' > /dev/null
fill() { backups exec deployment/tiles -c server -- dd if=/dev/urandom "of=/data/$1" bs=1M "count=$2" status=none; }
fill planet 400

say "killed while it dumps the database"
(sql 'BEGIN; LOCK TABLE places IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)' > /dev/null 2>&1 || true) &
locking=$!
is_locked() { [ "$(sql "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'places'::regclass AND granted")" = 1 ]; }
within 10 "the table is locked" is_locked
start dump
within 60 "the dump is struck" strike dump dump pg_dump
within 30 "BackupFailed" reason_is BackupHealthy BackupFailed
row "it names stage and exit code" yes "$(says BackupHealthy 'stage dump ended with exit code 137: it was killed')"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()" > /dev/null
wait "$locking" || true
within 120 "the second attempt completes" completed dump
within 20 "BackupHealthy True" is_true BackupHealthy
row "with the database in it" yes "$([ "$(backups get mwi tiles -o 'jsonpath={.status.backup.newest.bytes}')" -gt 400000000 ] && echo yes)"

say "killed while it reads the data"
fill ocean 400
start read
within 60 "it reads" at_stage read backup
within 20 "restic is struck" strike read restic restic
within 30 "BackupFailed" reason_is BackupHealthy BackupFailed
row "it names stage and exit code" yes "$(says BackupHealthy 'stage backup ended with exit code 137: it was killed')"
row "a dead lock is left" 1 "$(vault 'cp /vault/rest/disturbed/locks/* /vault/lock && ls /vault/rest/disturbed/locks | wc -l')"
unlocked
within 180 "the second attempt completes" completed read
within 20 "BackupHealthy True" is_true BackupHealthy

say "killed while it removes old snapshots, behind somebody's lock"
lock() { vault "cp /vault/lock /vault/rest/disturbed/locks/\$(sha256sum /vault/lock | cut -d ' ' -f 1)"; }
lock
start prune
within 90 "it waits for the lock" at_stage prune forget
within 20 "restic is struck" strike prune restic restic
within 30 "BackupFailed" reason_is BackupHealthy BackupFailed
row "it names stage and exit code" yes "$(says BackupHealthy 'stage forget ended with exit code 137: it was killed')"
unlocked
within 120 "the second attempt completes" completed prune
within 20 "BackupHealthy True" is_true BackupHealthy

say "killed while it checks"
lock
start check tiles-check
within 60 "it waits for the lock" at_stage check check
within 20 "restic is struck" strike check restic restic
within 30 "CheckFailed" reason_is BackupHealthy CheckFailed
row "it names stage and exit code" yes "$(says BackupHealthy 'stage check ended with exit code 137: it was killed')"
unlocked
within 120 "the second attempt completes" completed check
within 20 "BackupHealthy True" is_true BackupHealthy

say "the pod is taken away in the middle"
fill river 400
start taken
within 60 "it reads" at_stage taken backup
backups delete "$(pod taken)" --wait=false > /dev/null
within 180 "another pod completes" completed taken
row "no lock is left behind" 0 "$(vault 'ls /vault/rest/disturbed/locks | wc -l')"

say "the repository's server goes away in the middle and comes back"
fill sea 400
start away
within 60 "it reads" at_stage away backup
k delete pod -n strongroom -l app=vault --wait=false > /dev/null
within 240 "the run completes" completed away
run sound tiles-check
row "all of the repository is sound" 1 "$(backups get job sound -o 'jsonpath={.status.succeeded}')"
within 20 "BackupHealthy True" is_true BackupHealthy

say "the disk of the repository is full"
# In the node's own mounts, which end with it.
state=$("$cluster" state)
small=$state/small
mkdir -p "$small"
read -r node _ < "$state/pids/sandbox"
nsenter --mount="/proc/$node/ns/mnt" mount -t tmpfs -o size=64m,mode=1777 tmpfs "$small"
cat << YAML | backups apply -f - > /dev/null
apiVersion: v1
kind: PersistentVolume
metadata: {name: small}
spec:
  capacity: {storage: 64Mi}
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  claimRef: {namespace: disturbed, name: small}
  hostPath: {path: "$small"}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: small}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  volumeName: small
  resources: {requests: {storage: 64Mi}}
YAML
patch '{"backup":{"repository":{"rest":null,"volume":{"existingClaim":"small"}}}}'
unknown() { [ "$(told BackupHealthy "$of" reason)" = NeverBackedUp ]; }
within 30 "the new repository is known to hold nothing yet" unknown
start full
within 300 "BackupFailed" reason_is BackupHealthy BackupFailed
row "it says what is full" yes "$(says BackupHealthy 'the disk is full: give the volume or the server more room')"
backups delete job full > /dev/null
k delete namespace disturbed strongroom --wait=false > /dev/null
k delete pv small --wait=false > /dev/null
