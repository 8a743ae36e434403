# Backs up, forgets, checks; only the last with BACKUP_TASK=check. Exit codes of restic: 3 some files could not be read,
# 10 no repository, 11 locked, 12 wrong password; besides them 70 what backup.include names is not there, 71 there is
# nothing to back up, 72 the repository lets no snapshot be removed.
trap 'touch /work/read' EXIT
data=/mapwright/data

# The container of the hook behind us goes by this, should we die without a word.
while kill -0 "$$" 2> /dev/null; do
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

[ ! -s /work/dump.tls ] || fact databaseTls "$(cat /work/dump.tls)"
current
# Before the repository is asked for anything: restic leaves out what is not there, and says that all went well.
stage=include
for path in $BACKUP_INCLUDE; do
  if [ "$BACKUP_TASK" = backup ] && [ ! -e "$data/$path" ] && [ ! -L "$data/$path" ]; then
    echo "There is no $path on the data volume, which backup.include names." > "$out"
    finish 70
  fi
done

# Opens the repository by the command that is needed anyway, for each one derives the key from the password again, which
# takes longer than to find out that nothing changed. Removes only locks of the dead; those of other pods count as dead
# after 30 minutes.
attempt open timeout 60 restic unlock || case $rc in
  10) run init restic init ;;
  *)
    no_bucket || finish "$rc"
    # This makes the bucket as well.
    attempt init restic init || {
      echo "The bucket of $RESTIC_REPOSITORY is not there, and could not be made." >> "$out"
      finish "$rc"
    }
    ;;
esac

# Work that needs the repository for itself alone is left to the next run while a dead pod's lock is there.
alone() {
  attempt "$@" || case $rc in
    11) fact skipped "$stage" ;;
    *)
      kept
      finish "$rc"
      ;;
  esac
}

# Of an append-only repository, restic 0.18 says that all was forgotten, and 0.19 that some files could not be read.
kept() {
  ! grep '^unable to remove snapshot/' "$out" > /tmp/kept || {
    head -n 1 /tmp/kept > "$out"
    finish 72
  }
}

# A snapshot of nothing is no backup. What the operator adds to it are at most 20 files; only if there is no more, it has to
# be looked for one of the volume's. A dump is enough, too.
filled() {
  stage=backup
  id=$(sed -n 's/^snapshot \([0-9a-f]*\) saved$/\1/p' "$out" | tail -n 1)
  files=$(sed -n 's/^processed \([0-9]*\) files,.*/\1/p' "$out" | tail -n 1)
  if [ -d /mapwright/database ] || [ "${files:-0}" -gt 20 ]; then return; fi
  restic --no-lock ls --json --recursive "${id:-latest}" "$data" > /tmp/held 2> "$out" || finish $?
  if ! grep -q '"type":"file"' /tmp/held; then
    # It must not be what a restore takes for the newest one.
    [ -z "$id" ] || restic forget --quiet "$id" || :
    echo 'The snapshot holds no file of the data volume.' > "$out"
    finish 71
  fi
}

if [ "$BACKUP_TASK" = backup ]; then
  set -- --exclude "$data/lost+found"
  # As in a .gitignore: what has no slash is meant at any depth.
  for pattern in $BACKUP_EXCLUDE; do
    pattern=${pattern%/}
    case $pattern in
      */*) set -- "$@" --exclude "$data/${pattern#/}" ;;
      *) set -- "$@" --exclude "$data/**/$pattern" ;;
    esac
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
  filled
  if [ -n "$BACKUP_KEEP" ]; then
    # shellcheck disable=SC2086 # a list of options
    alone forget restic forget --json --retry-lock 2m --host "$BACKUP_HOST" --tag mapwright --group-by host,tags $BACKUP_KEEP --prune
    kept
    if [ "$rc" = 0 ]; then
      fact pruned "$(now)"
      # What is kept is what the repository holds.
      sed -n 's/.*"keep":\[{\(.*\)}\],"remove".*/\1/p' "$out" | sed 's/},{"time"/\n"time"/g' | sort > /tmp/snapshots
    fi
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
