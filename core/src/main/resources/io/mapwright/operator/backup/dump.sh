matched || exit
# Whether the password and all that is dumped are encrypted on their way.
ask 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()' > /tmp/said || exit
tail -n 1 "$log" > /work/dump.tls
database pg_dump --format=custom --file=/mapwright/database/database.pgdump
