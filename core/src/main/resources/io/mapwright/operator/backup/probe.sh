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

# tile: of TileJSON, or a list of it, on standard input, the path of a tile that must be there: the first one's, at its
# lowest zoom, under its center or the middle of its bounds.
tile() {
  grep -oE '"([^"\\]|\\.)*"|[][{}:,]|[-+.0-9a-zA-Z]+' | awk '
    /^[[{]$/ { depth++; at[depth] = 0; key[depth] = ""; if ($0 == "{" && !base) base = depth; next }
    /^[]}]$/ { if (depth == base && url != "") exit; depth--; next }
    $0 == ":" { key[depth] = said; next }
    $0 == "," { at[depth]++; if (depth <= base) key[depth] = ""; next }
    { said = $0; gsub(/^"|"$/, "", said) }
    depth == base && key[base] == "minzoom" && said ~ /^[0-9]+$/ && said + 0 <= 24 { zoom = said + 0 }
    depth == base + 1 && key[base] == "tiles" && !at[depth] { url = said }
    depth == base + 1 && key[base] == "bounds" { bounds[at[depth]] = said + 0; wide = at[depth] + 1 }
    depth == base + 1 && key[base] == "center" { center[at[depth]] = said + 0; middle = at[depth] + 1 }
    END {
      if (url == "") exit
      if (middle < 2) for (i = 0; i < 2; i++) center[i] = wide == 4 ? (bounds[i] + bounds[i + 2]) / 2 : 0
      side = 2 ^ zoom
      north = atan2(0, -1) * (center[1] > 85 ? 85 : center[1] < -85 ? -85 : center[1]) / 180
      x = int((center[0] + 180) / 360 * side)
      y = int((1 - log(sin(north) / cos(north) + 1 / cos(north)) / atan2(0, -1)) / 2 * side)
      gsub(/\{z\}/, zoom + 0, url)
      gsub(/\{x\}/, x < 0 ? 0 : x < side ? x : side - 1, url)
      gsub(/\{y\}/, y, url)
      gsub(/\\\//, "/", url)
      print url
    }'
}

# Paths of TileJSON, style and glyphs, where the server lists them as tileserver-gl does: without a line's end.
path() {
  sed -e 's#^[a-z]*://[^/]*##' -e 's/ /%20/g'
  echo
}
found() {
  ! get /tmp/answer /data.json || tile < /tmp/answer | path
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
