# Backups that are read back: of files and a database to S3, restored in place and as disaster recovery from the
# repository and its password alone; the same instance to REST and SFTP; and what goes wrong says what to do.

. e2e/lib/backups.sh
of=backups

# Some of what follows has keys made again.
"$cluster" exec "$(e2e/image/helm)" upgrade mapwright-operator charts/mapwright-operator --namespace "$NAMESPACE" \
  --reuse-values --set restores.keys=true > /dev/null

say "backup: files and a database to S3"
furnish
cat << 'YAML' | k apply -n backups -f - > /dev/null
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata: {name: leaked}
spec: {instanceRef: {name: tiles}, scopes: [tiles]}
YAML
within 30 "keys made" has_key leaked
key=$(key_of_owner website)
leaked=$(key_of_owner leaked)
backups patch mwk leaked --type=merge -p '{"spec":{"revoked":true}}' > /dev/null
within 30 "digests written down for the backup" written
row "before the first backup the reason is" NeverBackedUp "$(told BackupHealthy backups reason)"
row "  and it reminds of the password" yes "$(says BackupHealthy 'keep a copy of Secret tiles-backup-password')"
before=$(sums backups)
before_rows=$(rows backups)
row "docs/recovery.md, Before anything happens" done "$(follow 'Before anything happens' > "$work/page.log" && echo done)"
row "  the password it prints is the one in use" yes "$(head -c 44 "$work/page.log" | grep -Eq '^[A-Za-z0-9+/]{43}=$' && echo yes)"
within 20 "BackupHealthy True" is_true BackupHealthy
row "newest snapshot in the status" yes "$(backups get mwi tiles -o 'jsonpath={.status.backup.newest.id}' | grep -Eq '^[0-9a-f]{8}$' && echo yes)"
row "the hooks ran, in this order" "begin end" "$(k exec -n backups deployment/tiles -c server -- cat /data/hooks.log | tr '\n' ' ' | sed 's/ $//')"

say "a clone of the volume is read, while the map server keeps writing"
patch '{"backup":{"hooks":null,"volumeClone":{}}}'
source_of() { backups get "$1" -o "jsonpath={$2.spec.volumes[?(@.name==\"data\")].ephemeral.volumeClaimTemplate.spec.dataSource.name}"; }
clones() { [ "$(source_of cronjob/tiles-backup .spec.jobTemplate.spec.template)" = tiles-data ]; }
within 20 "the schedule reads a clone" clones
whole=$(backups get mwi tiles -o 'jsonpath={.status.backup.newest.id}')
run cloned
newer() { [ "$(backups get mwi tiles -o 'jsonpath={.status.backup.newest.id}')" != "$whole" ]; }
within 20 "a newer snapshot in the status" newer
row "BackupHealthy" True "$(told BackupHealthy backups status)"
claim=$(backups get pvc -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}' | grep '^cloned-')
row "its pod had a volume of its own" Bound "$(backups get pvc "$claim" -o 'jsonpath={.status.phase}')"
backups delete job cloned > /dev/null
unclaimed() { ! backups get pvc "$claim"; }
within 60 "the clone goes with the pod" unclaimed
# What is restored below is what was read from it.

say "a drill"
row "before the first one" RestoreUnverified "$(told RestoreProven backups reason)"
row "docs/recovery.md, A restore is not proven" done "$(follow 'A restore is not proven' > /dev/null && echo done)"
drill() { backups get mwi tiles -o "jsonpath={.status.backup.drill.$1}"; }
row "a tile, a style and glyphs were asked for" 3 "$(drill checks)" "restored and serving within $(drill recoverySeconds) s"
row "tables in the restored database" 1 "$(drill rows)"
row "the way to the repository was taken from it" "" "$(backups get networkpolicy tiles-drill-fetch --ignore-not-found -o name)"
row "what its server reached while it ran" "Egress Ingress; to: " "$(backups get networkpolicy tiles-drill -o json | jq -r '"\(.spec.policyTypes | sort | join(" ")); to: \(.spec.egress // [] | map(tostring) | join(" "))"')"

say "restore in place: volume and database are destroyed"
k exec -n backups deployment/tiles -c server -- sh -c 'rm -rf /data/* && echo rubbish > /data/rubbish'
# The server pretends that this restore is done.
k exec -n backups deployment/tiles -c server -- sh -c 'printf from-the-page > /data/.mapwright-restored'
sql backups 'DROP TABLE places' > /dev/null
row "docs/recovery.md, Restore in place" done "$(follow 'Restore in place' > /dev/null && echo done)"
after=$(sums backups | grep -v hooks.log)
row "every file is back, byte for byte" "$(grep -v hooks.log <<< "$before" | sha256sum)" "$(sha256sum <<< "$after")"
row "every row is back" "$before_rows" "$(rows backups)"
target backups tiles backups.example.com
url=https://backups.example.com/data/countries.json
row "the key opens it" 200 "$(until_answer 20 200 -H "X-Api-Key: $key" $url)"

say "made again with the same spec: nothing is restored twice"
row "which restore filled the volume is known outside of it" from-the-page "$(backups get configmap tiles-restored -o 'jsonpath={.data.restore}')"
k exec -n backups deployment/tiles -c server -- sh -c 'echo later > /data/later'
manifest=$(backups get mwi tiles -o json | bare)
backups delete mwi tiles > /dev/null
k create -f - <<< "$manifest" > /dev/null
within 150 "restore Done" restore_is Done
within 90 "instance Ready" serves
row "what came after the restore is still there" later "$(k exec -n backups deployment/tiles -c server -- cat /data/later)"

say "disaster recovery: a new instance from the repository and its password, nothing else"
# What is lost with a cluster: a digest that is known somewhere in it opens no second instance.
backups delete mwk website leaked > /dev/null
recover "$(backups get secret tiles-backup-password -o 'jsonpath={.data.password}' | base64 -d)"
row "every file is there" "$(grep -v hooks.log <<< "$before" | sha256sum)" "$(sums recovered | grep -v hooks.log | sha256sum)"
row "every row is there" "$before_rows" "$(rows recovered)"
target recovered tiles recovered.example.com
url=https://recovered.example.com/data/countries.json
row "the key that clients have opens it" 200 "$(until_answer 30 200 -H "X-Api-Key: $key" $url)"
row "the revoked one does not" 401 "$(ask -H "X-Api-Key: $leaked" $url)"
k delete namespace recovered --wait=false > /dev/null

say "faults: each says what to do"
patch '{"restore":{"id":"none","snapshot":"deadbeef","from":null}}'
within 120 "restore Failed" restore_is Failed
row "unknown snapshot" yes "$(says Restored 'There is no snapshot deadbeef')"
within 60 "the server is back, its data untouched" serves
backups create secret generic wrong --from-literal=password=wrong > /dev/null
patch '{"backup":{"passwordSecretRef":{"name":"wrong","key":"password"}}}'
sleep 2
run wrong-password
within 20 "BackupFailed" reason_is BackupHealthy BackupFailed
row "wrong password" yes "$(says BackupHealthy 'repository has another password')"
patch '{"backup":{"passwordSecretRef":{"name":"lost","key":"password"}}}'
sleep 2
backups create job lost-password --from=cronjob/tiles-backup > /dev/null
within 60 "BackupCannotStart" reason_is BackupHealthy BackupCannotStart
row "password lost" yes "$(says BackupHealthy 'backup.passwordSecretRef: Secret lost does not exist')"
backups delete job lost-password > /dev/null
patch '{"backup":{"passwordSecretRef":null,"repository":{"s3":{"endpoint":"http://vault.vault:9999"}}}}'
sleep 2
run unreachable
within 20 "BackupFailed" reason_is BackupHealthy BackupFailed
row "unreachable endpoint" yes "$(says BackupHealthy 'cannot be reached')"
patch '{"backup":{"repository":{"s3":{"endpoint":"http://vault.vault:9000"}}}}'
sleep 2
run fixed
within 20 "BackupHealthy True again" is_true BackupHealthy
pack=$(k exec -n vault deployment/vault -c s3 -- sh -c 'ls -S $(find /vault/s3/maps/tiles/data -type f) | head -n 1')
k exec -n vault deployment/vault -c s3 -- sh -c "printf 'corrupted' | dd of=$pack bs=1 seek=100 conv=notrunc" 2> /dev/null
patch '{"backup":{"checkSubset":"100%"}}'
sleep 2
run damaged tiles-check
within 20 "CheckFailed" reason_is BackupHealthy CheckFailed
row "a corrupted pack file" yes "$(says BackupHealthy 'the repository is damaged')"

say "the other kinds of repository"
patch '{"backup":{"credentialsSecretRef":null,"checkSubset":"1%","hooks":null,"repository":{"s3":null,"rest":{"url":"http://vault.vault:8000/tiles/"}}}}'
sleep 2
run rest
within 20 "BackupHealthy True with REST, whatever the check of the damaged one says" is_true BackupHealthy
file_of() { k exec -n vault deployment/vault -c sftp -- cat "/vault/ssh/$1"; }
# ssh_secret NAMESPACE NAME
ssh_secret() {
  k create secret generic "$2" --dry-run=client -o yaml --from-literal=ssh-privatekey="$(file_of client)
" --from-literal=known_hosts="[vault.vault]:2222 $(file_of host.pub)" | k apply -n "$1" -f - > /dev/null
}
ssh_secret backups ssh
patch '{"backup":{"credentialsSecretRef":{"name":"ssh"},"repository":{"rest":null,"sftp":{"host":"vault.vault","port":2222,"user":"nonroot","path":"/vault/sftp/tiles"}}}}'
sleep 2
run sftp
within 20 "BackupHealthy True with SFTP" is_true BackupHealthy
row "passwords in the status" 0 "$(backups get mwi tiles -o yaml | grep -c "$(backups get secret tiles-backup-password -o 'jsonpath={.data.password}' | base64 -d)" || true)"

say "the samples of these kinds"
# sample KIND SED-ARGUMENT...: applies it with this story's addresses, and backs up once.
sample() {
  local file space=sample-$1
  k create namespace "$space" > /dev/null
  for file in "samples/backup-$1"/*.yaml; do
    sed -e "s/maps.example.com/$space.example.com/" "${@:2}" "$file"
    echo ---
  done | k apply -n "$space" -f - > /dev/null
  [ "$1" != sftp ] || ssh_secret "$space" backup-server
  within 120 "backup-$1: instance Ready" serves "$space"
  k create job now -n "$space" --from=cronjob/tiles-backup > /dev/null
  within 120 "backup-$1: BackupHealthy True" is_true BackupHealthy "$space"
  k delete namespace "$space" --wait=false > /dev/null
}
sample volume
sample rest -e 's#https://backup.example.com/tiles/#http://vault.vault:8000/sample/#'
sample sftp -e 's/host: backup.example.com/host: vault.vault/' -e 's/user: backup/user: nonroot/' -e 's#path: /backups/tiles#path: /vault/sftp/sample#'

say "an update waits for its backup"
again=$("$cluster" images list | grep -o 'docker.io/maptiler/tileserver-gl-light@sha256:[0-9a-f]*' | head -n 1)
update_is() { [ "$(backups get mwi tiles -o "jsonpath={.status.update.$1}")" = "$2" ]; }
newest() { backups get mwi tiles -o 'jsonpath={.status.backup.newest.id}'; }
has_update_job() { backups get jobs -o name | grep -q tiles-update-; }
before_update=$(newest)
patch "{\"server\":{\"image\":\"$again\"},\"updates\":{\"backupFirst\":true}}"
within 30 "the update waits for a backup" update_is phase BackingUp
within 30 "a Job for it" has_update_job
row "the old image runs meanwhile" docker.io/maptiler/tileserver-gl-light:v5.6.0 "$(backups get deployment tiles -o 'jsonpath={.spec.template.spec.containers[0].image}')"
within 300 "the new image is proven" update_is provenImage "$again"
row "and there is a newer snapshot" yes "$([ "$(newest)" != "$before_update" ] && echo yes)"

say "a last backup before the instance goes, though the garbage collector takes its objects first"
held() { backups get mwi tiles -o 'jsonpath={.metadata.finalizers}' | grep -q mapwright.io/final-backup; }
gone() { ! backups get "$1" "$2"; }
event() { backups get events -o json | jq -r --arg reason "$1" '.items[] | select(.reason == $reason) | .message' | tail -n 1; }
k exec -n backups deployment/tiles -c server -- sh -c 'echo last words > /data/last'
backups apply -f - > /dev/null << 'YAML'
apiVersion: mapwright.io/v1alpha1
kind: ApiKey
metadata: {name: late}
spec: {instanceRef: {name: tiles}, scopes: [tiles]}
YAML
within 30 "a key made" has_key late
late=$(key_of_owner late)
within 30 "its digest written down for the backup" written
patch '{"deletionPolicy":"Delete","backup":{"onDeletion":{"timeout":"5m"}}}'
within 20 "the instance is held" held
manifest=$(backups get mwi tiles -o json | bare)
backups delete mwi tiles --cascade=foreground --wait=false > /dev/null
within 300 "the instance is gone" gone mwi tiles
row "the Event names the snapshot" yes "$(event FinalBackupMade | grep -q 'snapshot [0-9a-f]\{8\} in sftp:' && echo yes || event FinalBackupMade)"
within 60 "its volume is gone with it" gone pvc tiles-data
within 60 "its server is gone" gone deployment tiles
backups delete mwk late > /dev/null
jq '.spec.restore = {id: "after-the-end", keys: "Recreate"}' <<< "$manifest" | k create -f - > /dev/null
within 200 "restore Done" restore_is Done
within 90 "instance Ready" serves
row "what was written last is there" "last words" "$(k exec -n backups deployment/tiles -c server -- cat /data/last)"
target backups tiles backups.example.com
row "and so is the key, though its owner's deletion took its file first" 200 \
  "$(until_answer 30 200 -H "X-Api-Key: $late" https://backups.example.com/data/countries.json)"

say "a last backup that cannot be made"
patch '{"backup":{"onDeletion":{"timeout":"20s"}}}'
within 20 "the instance is held" held
k scale deployment/vault -n vault --replicas=0 > /dev/null
backups delete mwi tiles --wait=false > /dev/null
within 60 "the instance is gone all the same" gone mwi tiles
row "the Event says so" yes "$(event FinalBackupMissing | grep -q 'not finished within 20 s.*data volume tiles-data stays' && echo yes || event FinalBackupMissing)"
row "and the volume stays, whatever deletionPolicy says" Bound "$(backups get pvc tiles-data -o 'jsonpath={.status.phase}')"
