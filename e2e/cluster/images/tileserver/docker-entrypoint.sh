#!/bin/sh
# An empty volume mounted on /data gets the built-in map; a volume with anything in it is left alone.
set -e
if [ -z "$(ls -A /data)" ]; then
  cp -r /usr/src/map/. /data/
fi
exec node /usr/src/app/ "$@"
