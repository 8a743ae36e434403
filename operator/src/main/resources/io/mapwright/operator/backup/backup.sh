# Runs in restic's image. Exit codes of restic: 10 no repository, 11 locked, 12 wrong password.
set -eu
rc=0
restic cat config > /dev/null || rc=$?
case "$rc" in
  0) ;;
  10) restic init ;;
  12) echo "The repository exists and its password is another one. Restore the Secret that held it." >&2; exit 12 ;;
  *) echo "The repository can not be opened: check address, credentials and network policy." >&2; exit "$rc" ;;
esac
# Removes only locks whose owner is gone; a running backup keeps its own.
restic unlock
restic backup --host "$BACKUP_HOST" --tag mapwright --exclude-caches "$BACKUP_PATH"
# shellcheck disable=SC2086 # a list of options
restic forget --host "$BACKUP_HOST" --tag mapwright --group-by host,tags $BACKUP_KEEP --prune
restic check --read-data-subset="$BACKUP_CHECK_SUBSET"
restic snapshots --host "$BACKUP_HOST" --latest 1
