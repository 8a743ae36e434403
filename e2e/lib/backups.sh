# What stories about backups of the instance tiles have in common; "of" is its namespace. Source it after cluster is set.

k() { "$cluster" kubectl "$@"; }
backups() { k -n "$of" "$@"; }
told() { k get mwi tiles -n "${2:-$of}" -o "jsonpath={.status.conditions[?(@.type==\"$1\")].$3}"; }
reason_is() { [ "$(told "$1" "${3:-$of}" reason)" = "$2" ]; }
is_true() { [ "$(told "$1" "${2:-$of}" status)" = True ]; }
# says TYPE TEXT [NAMESPACE]: whether the condition's message holds a text.
says() { told "$1" "${3:-$of}" message | grep -q -- "$2" && echo yes || told "$1" "${3:-$of}" message; }
# run NAME [CRONJOB]: a run of the CronJob; waits until it ended, well or not.
run() {
  backups create job "$1" --from=cronjob/"${2:-tiles-backup}" > /dev/null
  within 300 "job $1 ended" ended "$1"
}
ended() { backups get job "$1" -o 'jsonpath={.status.conditions[*].type}' | grep -Eq 'Complete|Failed'; }
patch() { backups patch mwi tiles --type=merge -p "{\"spec\":$1}" > /dev/null; }
# bare: an object of kubectl's as somebody would have written it.
bare() { jq 'del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.creationTimestamp, .metadata.generation, .metadata.managedFields, .metadata.finalizers)'; }
restore_is() { [ "$(k get mwi tiles -n "${2:-$of}" -o 'jsonpath={.status.restore.phase}')" = "$1" ]; }
serves() { k get mwi tiles -n "${1:-$of}" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -q True; }

# sums NAMESPACE: what the map server's volume holds.
sums() { k exec -n "$1" deployment/tiles -c server -- sh -c 'cd /data && find . -type f -exec sha256sum {} + | sort'; }
# sql NAMESPACE STATEMENT: in the database of the samples.
sql() { k exec -n "$1" deployment/features-database -- psql -h /tmp -U postgres -At -c "$2"; }
rows() { sql "$1" 'SELECT * FROM places ORDER BY id' | sha256sum; }
# s3 NAME: the sample of that kind at NAME.example.com, with the vault of e2e/story/backup.yaml as its S3 server.
s3() {
  local file
  for file in samples/backup-s3/*.yaml; do
    sed -e "s/maps.example.com/$1.example.com/" -e 's#https://s3.example.com#http://vault.vault:9000#' \
      -e 's/: change-me-too/: secret/' -e 's/AWS_ACCESS_KEY_ID: .*/AWS_ACCESS_KEY_ID: key/' "$file"
    echo ---
  done
}
# vault_opens: a vault in the namespace of that name.
vault_opens() {
  k create namespace vault > /dev/null
  k apply -n vault -f e2e/story/backup.yaml > /dev/null
  k wait -n vault --for=condition=Available deployment/vault --timeout=90s > /dev/null
}
# furnish: in the namespace backups a map, a database of 20,000 rows and keys, with a vault to back them up to.
furnish() {
  k create namespace backups > /dev/null
  vault_opens
  s3 backups | k apply -n backups -f - > /dev/null
  within 120 "instance Ready" serves
  within 60 "database up" sql backups 'SELECT 1'
  sql backups "CREATE TABLE places (id int PRIMARY KEY, name text); INSERT INTO places SELECT n, md5(n::text) FROM generate_series(1, 20000) n" > /dev/null
}
has_key() { backups get secret "$1-key" -o name; }
key_of_owner() { backups get secret "$1-key" -o 'jsonpath={.data.key}' | base64 -d; }
# written: whether the keys' digests are in what a backup reads.
written() { [ "$(backups get secrets -o name | grep -c -- '-keyring-')" -ge 1 ] && sleep 5; }
# follow HEADING: runs the commands that docs/recovery.md gives under it, for the instance tiles of the namespace backups.
follow() {
  # shellcheck disable=SC2016 # awk's own
  awk -v heading="## $1" '/^## /{on=($0 == heading)} /^```/{code=on && $0 == "```sh"; next} code' docs/recovery.md > "$work/page"
  (set -e; kubectl() { "$cluster" kubectl "$@"; }; NAMESPACE=backups INSTANCE=tiles; . "$work/page")
}
# recover PASSWORD: in the namespace recovered, what the namespace backups had backed up, from the repository alone.
recover() {
  k create namespace recovered > /dev/null
  k create secret generic kept-elsewhere -n recovered --from-literal=password="$1" > /dev/null
  s3 recovered | k apply -n recovered -f - > /dev/null
  k delete mwk website -n recovered > /dev/null
  k patch mwi tiles -n recovered --type=merge -p '{"spec":{"restore":{"id":"disaster","from":{
    "repository":{"s3":{"endpoint":"http://vault.vault:9000","bucket":"maps","prefix":"tiles"}},"instance":"backups/tiles",
    "credentialsSecretRef":{"name":"bucket"},"passwordSecretRef":{"name":"kept-elsewhere","key":"password"}}},
    "backup":{"repository":{"s3":{"prefix":"recovered"}}}}}' > /dev/null
  within 60 "database up" sql recovered 'SELECT 1'
  within 200 "restore Done" restore_is Done recovered
  within 90 "instance Ready" serves recovered
}
