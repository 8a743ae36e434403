# Runs in restic's image. Exit codes of restic: 10 no repository, 11 locked, 12 wrong password.
set -eu
rc=0
# Without a lock of its own: a stale exclusive one must not keep us from the line that removes it.
restic --no-lock cat config > /dev/null || rc=$?
case "$rc" in
  0) ;;
  10) restic init ;;
  12) echo "The repository exists and its password is another one. Restore the Secret that held it." >&2; exit 12 ;;
  *) echo "The repository can not be opened: check address, credentials and network policy." >&2; exit "$rc" ;;
esac
# Removes only locks of the dead; those of other pods count as dead after 30 minutes.
restic unlock
restic backup --retry-lock 40m --host "$BACKUP_HOST" --tag mapwright --exclude-caches "$BACKUP_PATH"
# shellcheck disable=SC2086 # a list of options
restic forget --retry-lock 40m --host "$BACKUP_HOST" --tag mapwright --group-by host,tags $BACKUP_KEEP --prune
restic check --retry-lock 40m --read-data-subset="$BACKUP_CHECK_SUBSET"
restic snapshots --host "$BACKUP_HOST" --latest 1
