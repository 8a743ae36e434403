# A cluster is lost with all that is in it, and another one takes over from the repository and its password alone. Starts
# the cluster anew: of the former one nothing is left but what the repository's server has on its disk.

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
recover "$password"
row "every file is there" "$(sha256sum <<< "$before")" "$(sums recovered | grep -v hooks.log | sha256sum)"
row "every row is there" "$before_rows" "$(rows recovered)"
target recovered tiles recovered.example.com
row "the key that clients have opens it" 200 "$(until_answer 30 200 -H "X-Api-Key: $key" https://recovered.example.com/data/countries.json)"
row "and nobody was given another" 0 "$(k get secrets -n recovered -o name | grep -c -- '-key$' || true)"
k create job now -n recovered --from=cronjob/tiles-backup > /dev/null
of=recovered
within 120 "the new one backs itself up" is_true BackupHealthy
of=backups
k delete namespace recovered vault > /dev/null
