# A browser and the map libraries that pages load. Source it after cluster is set to e2e/cluster/cluster.

# chromium_path: prints the path of Chromium; as root on Debian it is installed when missing.
chromium_path() {
  command -v chromium || command -v chromium-browser || {
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
      echo "No Chromium found: installing it by apt-get." >&2
      apt-get update -q >&2 || true
      apt-get install -y -q --no-install-recommends chromium >&2
    fi
    command -v chromium || {
      echo "Chromium is needed to see a map. Install it (package chromium)." >&2
      return 1
    }
  }
}

# client_modules: prints a folder with the packages of e2e/clients, installed once for each lock file.
client_modules() {
  local folder
  folder=${MAPWRIGHT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mapwright}/clients-$(sha256sum e2e/clients/package-lock.json | cut -c1-12)
  if [ ! -e "$folder/complete" ]; then
    mkdir -p "$folder"
    cp e2e/clients/package*.json "$folder/"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    touch "$folder/complete"
  fi
  printf '%s\n' "$folder"
}
