# PostgreSQL with the variables and folders of the official image that matter for tests.
# shellcheck shell=bash disable=SC2034
REFERENCES=(docker.io/library/postgres:17)
TREES=("trixie postgresql-17 mawk tzdata $SHELL_PACKAGES")
CONFIG='{
  "User": "postgres",
  "Env": ["PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "PGDATA=/var/lib/postgresql/data"],
  "Entrypoint": ["docker-entrypoint.sh"],
  "Cmd": ["postgres"],
  "ExposedPorts": {"5432/tcp": {}},
  "StopSignal": "SIGINT"
}'

fill() {
  local tree directory=usr/lib/postgresql/17
  # shellcheck disable=SC2086 # suite and packages are words
  tree=$(debian_tree ${TREES[0]})
  add_shell "$1" "$tree"
  add_programs "$1" "$tree" "$directory"/bin/{postgres,initdb,pg_ctl,pg_isready,psql,pg_dump,pg_restore} \
    "$directory"/lib/{plpgsql,dict_snowball}.so
  add_programs "$1" "$tree" usr/bin/mawk
  ln -s mawk "$1/usr/bin/awk"
  mkdir -p "$1/usr/share/postgresql" "$1/var/lib/postgresql/data"
  chmod 1777 "$1/var/lib/postgresql/data"
  cp -r "$tree/root/usr/share/postgresql/17" "$1/usr/share/postgresql/"
  cp -r "$tree/root/usr/share/zoneinfo" "$1/usr/share/"
  install -m 755 "$RECIPE/docker-entrypoint.sh" "$1/usr/local/bin/"
}
