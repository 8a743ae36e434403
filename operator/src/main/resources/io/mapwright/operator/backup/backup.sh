# Backs up, forgets, checks; only the last with BACKUP_TASK=check. Exit codes of restic: 3 some files could not be read,
# 10 no repository, 11 locked, 12 wrong password.
trap 'touch /work/read' EXIT
data=/mapwright/data

# The container of the hook behind us goes by this, should we die without a word.
while :; do
  touch /work/alive
  sleep 5
done &

for name in before dump; do
  if [ -e "/work/$name.rc" ] && [ "$(cat "/work/$name.rc")" != 0 ]; then
    stage=$name
    [ ! -e "/work/$name.log" ] || cp "/work/$name.log" "$out"
    finish "$(cat "/work/$name.rc")"
  fi
done

# Opens the repository by the command that is needed anyway, for each one derives the key from the password anew, which
# takes longer than to find out that nothing changed. Removes only locks of the dead; those of other pods count as dead
# after 30 minutes.
attempt open timeout 60 restic unlock || case $rc in
  10) run init restic init ;;
  *) finish "$rc" ;;
esac

# Work that needs the repository for itself alone is left to the next run while a dead pod's lock is there.
alone() {
  attempt "$@" || case $rc in
    11) fact skipped "$stage" ;;
    *) finish "$rc" ;;
  esac
}

if [ "$BACKUP_TASK" = backup ]; then
  set -- --exclude "$data/lost+found"
  for pattern in $BACKUP_EXCLUDE; do
    set -- "$@" --exclude "$data/$pattern"
  done
  if [ -z "$BACKUP_INCLUDE" ]; then
    set -- "$@" "$data"
  fi
  for path in $BACKUP_INCLUDE; do
    set -- "$@" "$data/$path"
  done
  for path in /mapwright/database /mapwright/keys /mapwright/manifest; do
    [ ! -d "$path" ] || set -- "$@" "$path"
  done
  run backup restic backup --retry-lock 2m --host "$BACKUP_HOST" --tag mapwright --group-by host,tags --exclude-caches "$@"
  touch /work/read
  # shellcheck disable=SC2086 # a list of options
  alone forget restic forget --json --retry-lock 2m --host "$BACKUP_HOST" --tag mapwright --group-by host,tags $BACKUP_KEEP --prune
  if [ "$rc" = 0 ]; then
    fact pruned "$(now)"
    # What is kept is what the repository holds.
    sed -n 's/.*"keep":\[{\(.*\)}\],"remove".*/\1/p' "$out" | sed 's/},{"time"/\n"time"/g' | sort > /tmp/snapshots
  fi
fi

if [ -n "$BACKUP_CHECK_SUBSET" ]; then
  alone check restic check --retry-lock 2m --read-data-subset="$BACKUP_CHECK_SUBSET"
  [ "$rc" != 0 ] || fact checked "$(now)"
fi

[ -s /tmp/snapshots ] || list --host "$BACKUP_HOST"
fact snapshots "$(wc -l < /tmp/snapshots)"
fact snapshot "$(tail -n 1 /tmp/snapshots | value short_id)"
fact snapshotTime "$(tail -n 1 /tmp/snapshots | value time)"
fact bytes "$(tail -n 1 /tmp/snapshots | value total_bytes_processed)"
run stats restic --no-lock stats --mode raw-data --json
fact repositoryBytes "$(value total_size < "$out")"

if [ -n "${BACKUP_AFTER:-}" ]; then
  stage=after rc=0
  seconds=0
  until [ -e /work/after.rc ]; do
    if [ "$seconds" -ge 600 ]; then
      echo 'The hook did not end within 10 minutes.' > "$out"
      finish 124
    fi
    sleep 1
    seconds=$((seconds + 1))
  done
  [ "$(cat /work/after.rc)" = 0 ] || finish "$(cat /work/after.rc)"
fi
stage=done
finish 0
