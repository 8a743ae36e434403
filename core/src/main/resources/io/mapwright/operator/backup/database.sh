# Read before what runs in PostgreSQL's image. Errors about the connection URL may quote parts of a password.
redact() {
  sed -e '/URI\|connection option\|connection info\|invalid port\|invalid integer/s/.*/The connection URL cannot be read: percent-encode what is special in its password./' \
    -e 's/"[^"]*@\([^"@]*\)"/"\1"/g'
}
# database COMMAND...: with its errors in $log.
database() {
  case $DATABASE_URL in
    postgres://* | postgresql://*) ;;
    *)
      echo 'The Secret does not hold a URL that begins with postgres:// or postgresql://.' | tee "$log"
      return 64
      ;;
  esac
  rc=0
  "$@" --no-password --dbname="$DATABASE_URL" > /tmp/output 2>&1 || rc=$?
  redact < /tmp/output | tee "$log"
  return "$rc"
}
# ask STATEMENT: its rows are in $log.
ask() { database psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1"; }

# Whether the image is of the server's own major version. A dump by a newer one sets what an older server does not know,
# so that it can be loaded nowhere. Exit code 73: it is not.
matched() {
  ask 'SHOW server_version_num' > /tmp/said || {
    rc=$?
    cat /tmp/said
    return "$rc"
  }
  server=$(($(tail -n 1 "$log") / 10000))
  client=$(pg_dump --version | sed 's/^[^)]*) *\([0-9]*\).*/\1/')
  if [ "$server" != "$client" ]; then
    echo "The server is PostgreSQL $server, and the image has the programs of PostgreSQL $client: name one of PostgreSQL $server in backup.postgres.image, such as docker.io/library/postgres:$server." | tee "$log"
    return 73
  fi
  # What is in a dump could otherwise have psql run commands in this pod (CVE-2025-8714).
  if ! pg_restore --help | grep -q restrict-key; then
    echo 'The programs of PostgreSQL in the image are older than of August 2025 (17.6, 16.10, 15.14, 14.19, 13.22): name a newer one in backup.postgres.image.' | tee "$log"
    return 73
  fi
}
