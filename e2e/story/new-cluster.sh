# A cluster is lost with all that is in it, and another one takes over from the repository and its password alone. Starts
# the cluster again: of the former one nothing is left but what the repository's server has on its disk.

. e2e/lib/backups.sh
of=backups
# The folder of the vault's volume, on this machine.
disk() { k get pv "$(k get pvc vault -n vault -o 'jsonpath={.spec.volumeName}')" -o 'jsonpath={.spec.hostPath.path}'; }

# What another story may have left.
k delete namespace vault backups recovered --ignore-not-found > /dev/null

say "new cluster: a map, a database and keys are backed up"
furnish
within 30 "a key made" has_key website
key=$(key_of_owner website)
within 30 "its digest written down for the backup" written
before=$(sums backups | grep -v hooks.log)
before_rows=$(rows backups)
run kept
within 20 "BackupHealthy True" is_true BackupHealthy
password=$(backups get secret tiles-backup-password -o 'jsonpath={.data.password}' | base64 -d)
k scale deployment/vault -n vault --replicas=0 > /dev/null
closed() { [ -z "$(k get pods -n vault -o name)" ]; }
within 60 "the repository's server stopped" closed
cp -a "$(disk)" "$work/disk"

say "the cluster is gone, a new one is there"
"$cluster" stop > /dev/null
"$cluster" start
install_operator --set restores.keys=true
row "instances in it" 0 "$(k get mwi --all-namespaces -o name | wc -l)"
vault_opens
k scale deployment/vault -n vault --replicas=0 > /dev/null
within 60 "the repository's server stopped" closed
cp -a "$work/disk/." "$(disk)"
k scale deployment/vault -n vault --replicas=1 > /dev/null
k wait -n vault --for=condition=Available deployment/vault --timeout=90s > /dev/null
k create namespace backups > /dev/null
# Nothing of the instance but what the repository holds.
k apply -n backups -f samples/backup-s3/03-database.yaml > /dev/null
within 90 "database up" sql backups 'SELECT 1'
restic() { "$cluster" exec "$("$cluster" restic newest)" "$@"; }
RESTIC_PASSWORD=$password
RESTIC_REPOSITORY=s3:http://$(k get service vault -n vault -o 'jsonpath={.spec.clusterIP}'):9000/maps/tiles
AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret
export RESTIC_PASSWORD RESTIC_REPOSITORY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
# shellcheck disable=SC2034 # the page's
FROM='{"repository": {"s3": {"endpoint": "http://vault.vault:9000", "bucket": "maps", "prefix": "tiles"}},
  "instance": "backups/tiles", "credentialsSecretRef": {"name": "bucket"},
  "passwordSecretRef": {"name": "kept-elsewhere", "key": "password"}}'
row "docs/recovery.md, Restore into a new cluster" done "$(follow 'Restore into a new cluster' > /dev/null && echo done)"
unset RESTIC_PASSWORD RESTIC_REPOSITORY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
row "every file is there" "$(sha256sum <<< "$before")" "$(sums backups | grep -v hooks.log | sha256sum)"
row "every row is there" "$before_rows" "$(rows backups)"
target backups tiles backups.example.com
row "the key that clients have opens it" 200 "$(until_answer 30 200 -H "X-Api-Key: $key" https://backups.example.com/data/countries.json)"
row "and nobody was given another" 0 "$(k get secrets -n backups -o name | grep -c -- '-key$' || true)"
k create job now -n backups --from=cronjob/tiles-backup > /dev/null
within 120 "the new one backs itself up, where the lost one did" is_true BackupHealthy
k delete namespace backups vault > /dev/null
