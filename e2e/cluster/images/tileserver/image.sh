# A real map server with a small real map, laid out like the official image.
# shellcheck shell=bash disable=SC2034
REFERENCES=(docker.io/maptiler/tileserver-gl-light:v5.6.0)
# Debian's build of the sqlite3 binding spares a compiler: npm's package has JavaScript only.
TREES=("trixie nodejs node-sqlite3 $SHELL_PACKAGES")
CONFIG='{
  "User": "node:node",
  "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "NODE_ENV=production"],
  "Entrypoint": ["/usr/src/app/docker-entrypoint.sh"],
  "ExposedPorts": {"8080/tcp": {}},
  "WorkingDir": "/data"
}'

fill() {
  local tree app=$1/usr/src/app binding
  # shellcheck disable=SC2086 # suite and packages are words
  tree=$(debian_tree ${TREES[0]})
  binding=$(cd "$tree/root" && find usr/lib -name node_sqlite3.node | sort | tail -n 1)
  add_shell "$1" "$tree"
  add_programs "$1" "$tree" usr/bin/node "$binding"
  # Debian's Node reads a few of its own built-in modules from files.
  mkdir -p "$1/usr/share/nodejs"
  cp -r "$tree"/root/usr/share/nodejs/{acorn,acorn-walk,cjs-module-lexer,minimatch,undici} "$1/usr/share/nodejs/"

  npm_install "$RECIPE/app" "$app"
  mv "$app/node_modules/tileserver-gl-light"/* "$app/"
  install -D -m 644 "$tree/root/$binding" "$app/node_modules/sqlite3/build/Release/node_sqlite3.node"
  install -m 755 "$RECIPE/docker-entrypoint.sh" "$app/"
  # For browsers, which get the server's own copies; and for compilers.
  rm -r "$app"/node_modules/{maplibre-gl,leaflet,node-gyp}
  find "$app" -name '*.map' -delete

  mkdir -p "$1/data" "$1/usr/src/map/fonts"
  chmod 1777 "$1/data"
  build_map "$1/usr/src/map"
  cp -r "$app/node_modules/tileserver-gl-styles/fonts/Noto Sans Regular" "$1/usr/src/map/fonts/"
  cp "$RECIPE/map/config.json" "$RECIPE/map/basic.json" "$1/usr/src/map/"
  chmod -R a+rX "$1/usr/src"
}

npm_install() {
  command -v npm >/dev/null || die "building the map server's image needs npm"
  mkdir -p "$2"
  cp "$1"/package*.json "$2/"
  (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
}

build_map() {
  local work
  work=$(scratch map)
  npm_install "$RECIPE/map" "$work"
  cp "$RECIPE"/map/*.cjs "$work/"
  node "$work/build.cjs" "$1/countries.mbtiles"
  node "$work/raster.cjs" "$1/board.mbtiles"
  rm -rf "$work"
}
