# Replaces what is in the database by the dump, in one transaction: it is the old one or the new one. Whatever a dump can
# hold goes before it is loaded, but for extensions: they stay, with what belongs to them, for only a superuser could make
# most of them again. What cannot be loaded is found out here, before the volume is touched. Exit codes besides psql's:
# 73 the image is of another version, 74 rows of an extension cannot be written, 75 the server refused a statement.
log=/tmp/log dump=/mapwright/database/database.pgdump touched=''
: > "$log"
report() {
  printf 'stage=%s\nexit=%s\n%slog:\n%s\n' "$([ "$1" = 0 ] && echo done || echo database)" "$1" "$touched" \
    "$(tail -n 12 "$log" | tail -c 1500)" > /dev/termination-log
}
trap 'report $?' EXIT
[ -e "$dump" ] || exit 0
# Anyone else who holds a table must not keep the map server down forever.
export PGOPTIONS='-c lock_timeout=60s'
matched || exit

if ! pg_restore --list "$dump" > /tmp/contents 2> "$log"; then exit 73; fi
of=$(sed -n 's/^;.*Dumped from database version: \([0-9]*\).*/\1/p' /tmp/contents)
if [ "${of:-0}" -gt "$server" ]; then
  echo "The dump is of PostgreSQL $of, and the server is PostgreSQL $server: restore into one of PostgreSQL $of or newer." > "$log"
  exit 73
fi

# Of others' objects the account makes its own; a superuser gives them back to whom they belong.
ask 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user' > /tmp/said || exit
owners=''
[ "$(tail -n 1 "$log")" = t ] || owners=--no-owner

# What is there already and stays: lines that the contents of the dump may begin with.
members="
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm') AND EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"
ask "SELECT 'EXTENSION - ' || extname FROM pg_extension
  UNION ALL SELECT 'COMMENT - EXTENSION ' || extname FROM pg_extension
  UNION ALL SELECT kind || ' - ' || CASE kind WHEN 'SCHEMA' THEN '' ELSE 'SCHEMA ' END || nspname
    FROM pg_namespace n, unnest(ARRAY['SCHEMA', 'COMMENT', 'ACL']) kind
    WHERE nspname <> 'public' AND (kind <> 'ACL' OR NOT pg_has_role(nspowner, 'USAGE'))
      AND (oid IN (SELECT extnamespace FROM pg_extension) OR EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e'))
  UNION ALL SELECT format('ACL %s TABLE %s', nspname, relname) $members
    AND NOT pg_has_role(c.relowner, 'USAGE')" > /tmp/said || exit
cp "$log" /tmp/stays
ask "SELECT format('%s %s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE SET' ELSE 'TABLE DATA' END, nspname, relname) $members
    AND NOT CASE relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'UPDATE')
      ELSE has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'DELETE') END" > /tmp/said || exit
cp "$log" /tmp/closed
# chosen yes|no FILE...: entries of the contents that begin, or do not, with a line of the files.
chosen() {
  want=$1
  shift
  cat "$@" | awk -v want="$want" '
    FNR == NR { if ($0 != "") known[$0 " "]; next }
    /^;/ { next }
    {
      rest = $0
      sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", rest)
      found = "no"
      for (line in known) if (index(rest " ", line) == 1) found = "yes"
      if (found == want) print
    }' - /tmp/contents
}
chosen yes /tmp/closed > /tmp/theirs
chosen no /tmp/stays /tmp/closed > /tmp/ours
if [ -s /tmp/theirs ]; then
  pg_restore --data-only --use-list=/tmp/theirs --file=- "$dump" 2> "$log" |
    awk '/^COPY /{table = $2; next} /^\\\.$/{table = ""} table != ""{print table; exit}' > /tmp/rows
  if [ -s /tmp/rows ]; then
    echo "The dump has rows of its own in $(cat /tmp/rows), which belongs to an extension: an administrator must GRANT INSERT, DELETE ON $(cat /tmp/rows) to this account." > "$log"
    exit 74
  fi
fi

{
  echo 'BEGIN;'
  printf '%s\n' "$CLEAR"
  # Nothing is committed of a dump that ends too early.
  # shellcheck disable=SC2086 # empty, or an option
  if pg_restore $owners --use-list=/tmp/ours --file=- "$dump" 2> /tmp/errors; then
    printf '%s\n' 'COMMIT;' "SELECT 'loaded';"
  fi
} | database psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --file=- > /tmp/said
rc=$?
if [ "$rc" != 0 ] && grep -q 'lock timeout' "$log"; then exit "$rc"; fi
[ "$rc" != 3 ] || exit 75
[ "$rc" = 0 ] || exit "$rc"
if [ "$(tail -n 1 "$log")" != loaded ]; then
  redact < /tmp/errors > "$log"
  exit 75
fi
: > "$log"
touched='touched=yes
'
