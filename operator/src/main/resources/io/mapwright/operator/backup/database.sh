# Read before what runs in PostgreSQL's image. Errors about the connection URL may quote parts of a password.
redact() {
  sed -e '/URI\|connection option\|connection info\|invalid port\|invalid integer/s/.*/The connection URL can not be read: percent-encode what is special in its password./' \
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
