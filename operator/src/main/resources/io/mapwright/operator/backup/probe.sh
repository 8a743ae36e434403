# Asks the restored server what a map asks: a tile, a style, glyphs. Exit code 67: it does not answer as it should.
base=http://127.0.0.1:$DRILL_PORT
get() { wget -q -T 10 -O "$1" "$base$2" 2>> "$out"; }

stage=start
end=$(($(date +%s) + DRILL_SECONDS))
until get /tmp/answer "$DRILL_HEALTH"; do
  if [ "$(date +%s)" -ge "$end" ]; then
    echo "The restored server does not answer $DRILL_HEALTH within $DRILL_SECONDS s." >> "$out"
    finish 67
  fi
  sleep 1
done
fact seconds "$(($(date +%s) - $(cat /work/begun)))"

# Paths of TileJSON, style and glyphs, where the server lists them as tileserver-gl does: without a line's end.
path() {
  sed -e 's#^[a-z]*://[^/]*##' -e 's/ /%20/g' -e 's/{[zxy]}/0/g'
  echo
}
found() {
  ! get /tmp/answer /data.json || sed -n 's/.*"tiles":\["\([^"]*\)".*/\1/p' /tmp/answer | path
  ! get /tmp/answer /styles.json || sed -n 's/.*"url":"\([^"]*\)".*/\1/p' /tmp/answer | path
  ! get /tmp/answer /fonts.json || sed -n 's#^\["\([^"]*\)".*#/fonts/\1/0-255.pbf#p' /tmp/answer | path
}
stage=found
[ -n "$DRILL_PATHS" ] || DRILL_PATHS=$(found)
checks=0
for path in $DRILL_PATHS; do
  stage=$path
  if ! get /tmp/answer "$path" || [ ! -s /tmp/answer ]; then
    echo "The restored server gives no answer, or an empty one, to $path." >> "$out"
    finish 67
  fi
  checks=$((checks + 1))
done
fact checks "$checks"
stage=done
finish 0
