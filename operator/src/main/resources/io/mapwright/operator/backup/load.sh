# Restores the database in one transaction, so that it is the old one or the new one.
log=/tmp/log
: > "$log"
report() {
  printf 'stage=%s\nexit=%s\nlog:\n%s\n' "$([ "$1" = 0 ] && echo done || echo database)" "$1" "$(tail -n 12 "$log" | tail -c 1500)" > /dev/termination-log
}
trap 'report $?' EXIT
if [ -e /mapwright/database/database.pgdump ]; then
  # Whoever else holds a table must not keep the map server down for ever.
  export PGOPTIONS='-c lock_timeout=60s'
  database pg_restore --clean --if-exists --no-owner --single-transaction /mapwright/database/database.pgdump || exit
fi
