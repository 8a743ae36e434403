#!/bin/sh
# As in the official image: options alone mean haproxy, and haproxy runs as master-worker in the foreground.
set -e
[ "${1#-}" = "$1" ] || set -- haproxy "$@"
if [ "$1" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
