# Fetches the newest snapshot into scratch volumes, for a server and a database that are started beside it.
date +%s > /work/begun
current
# The way to the repository opens once the operator has seen this pod.
end=$(($(date +%s) + 60))
asked=$(date +%s)
until open; do
  case $rc in 10 | 11 | 12) finish "$rc" ;; esac
  [ "$(date +%s)" -lt "$end" ] || finish "$rc"
  sleep 2
  asked=$(date +%s)
done
echo $((3 * ($(date +%s) - asked) + 5)) > /work/patience
list --host "$RESTORE_HOST"
stage=find
if [ ! -s /tmp/snapshots ]; then
  echo 'The repository holds no snapshot of this instance: nothing can be proven.' > "$out"
  finish 65
fi
chosen=$(tail -n 1 /tmp/snapshots)
id=$(printf '%s\n' "$chosen" | value short_id)
fact snapshot "$id"
fact snapshotTime "$(printf '%s\n' "$chosen" | value time)"
fact bytes "$(printf '%s\n' "$chosen" | value total_bytes_processed)"
for part in data $RESTORE_PARTS; do
  run "$part" restic restore --no-lock "$id:/mapwright/$part" --target "/mapwright/$part"
done
stage=done
finish 0
