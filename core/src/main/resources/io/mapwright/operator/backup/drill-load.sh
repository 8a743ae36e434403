# Loads the dump into a database of its own, empty whatever the image puts into others, and counts.
log=/tmp/log rows=''
: > "$log"
report() {
  printf 'stage=%s\nexit=%s\nrows=%s\nlog:\n%s\n' "$([ "$1" = 0 ] && echo done || echo database)" "$1" "$rows" "$(tail -n 12 "$log" | tail -c 1500)" > /dev/termination-log
}
trap 'report $?' EXIT
drill=$DATABASE_URL
DATABASE_URL=${drill%/*}/postgres
ask 'CREATE DATABASE drill TEMPLATE template0' || exit
DATABASE_URL=$drill
database pg_restore --no-owner --no-privileges --single-transaction /mapwright/database/database.pgdump || exit
ask "$DRILL_SQL" || exit
rows=$(tail -n 1 "$log")
case $rows in
  '' | 0 | *[!0-9]*)
    echo "The query of the drill gave '$rows'; it must give one number above 0." > "$log"
    exit 67
    ;;
esac
