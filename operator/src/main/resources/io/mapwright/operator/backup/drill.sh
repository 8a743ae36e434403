# Fetches the newest snapshot into scratch volumes, for a server and a database that are started beside it.
date +%s > /work/begun
open || finish "$rc"
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
