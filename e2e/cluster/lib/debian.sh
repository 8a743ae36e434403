# Files from Debian suites later than the machine's own, without touching the machine's apt.
# shellcheck shell=bash

# The machine already knows a Debian mirror that it can reach: the same mirror carries the other suites.
debian_mirror() {
  if [[ -n ${MAPWRIGHT_DEBIAN_MIRROR:-} ]]; then
    echo "$MAPWRIGHT_DEBIAN_MIRROR"
    return
  fi
  local codename mirror
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # shellcheck disable=SC2016 # the fields are apt's, not the shell's
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Identifier: Packages' |
    awk -v release="$codename" '$2 == release && $3 == "main" && ($4 == "Debian" || $4 ~ /ORIGIN/) { print $1; exit }')
  [[ -n $mirror ]] || die "no Debian mirror in this machine's apt sources: name one in MAPWRIGHT_DEBIAN_MIRROR"
  echo "$mirror"
}

# private_apt SUITE COMMAND...: apt with its own lists and an empty package database.
private_apt() {
  local base=$CACHE/debian/$1/apt
  shift
  apt-get -qq -c "$base/apt.conf" "$@"
}

private_apt_conf() {
  cat <<CONF
Dir::Etc::SourceList "$1/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$1/state";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
Dir::Log "$1/log";
Debug::NoLocking "true";
APT::Sandbox::User "$(id -un)";
// The machine's own hooks clean the machine's own caches.
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
CONF
}

# Experimental is not whole by itself: it has only what is newer than sid's.
debian_suites() {
  [[ $1 != experimental ]] || echo sid
  echo "$1"
}

private_apt_ready() {
  local base=$CACHE/debian/$1/apt signed='' keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [[ ! -e $base/updated ]] || return 0
  mkdir -p "$base/state/lists/partial" "$base/cache/archives/partial"
  : >"$base/status"
  private_apt_conf "$base" >"$base/apt.conf"
  [[ ! -r $keyring ]] || signed="[signed-by=$keyring] "
  debian_suites "$1" | while read -r suite; do
    printf 'deb %s%s %s main\n' "$signed" "$(debian_mirror)" "$suite"
  done >"$base/sources.list"
  say "reading the package list of Debian $1"
  private_apt "$1" update
  touch "$base/updated"
}

# debian_tree SUITE PACKAGE...: print a folder with those packages and their dependencies unpacked.
# Nothing is installed and no maintainer script runs. MANIFEST beside it names every version.
debian_tree() {
  local key
  key=$(printf '%s-' "${@:2}")
  key=$CACHE/debian/$1/${key%-}
  [[ -e $key/MANIFEST ]] || locked "debian-$1" debian_tree_build "$key" "$@"
  echo "$key"
}

debian_tree_build() {
  local key=$1 suite=$2 tmp deb
  shift 2
  [[ ! -e $key/MANIFEST ]] || return 0
  private_apt_ready "$suite"
  tmp=$(scratch debian)
  mkdir -p "$tmp/archives/partial"
  say "downloading $* from Debian $suite"
  private_apt "$suite" install -t "$suite" -y --no-install-recommends --download-only \
    -o Dir::Cache::archives="$tmp/archives/" "$@" >"$tmp/apt.log" 2>&1 ||
    { cat "$tmp/apt.log" >&2; die "cannot download $* from Debian $suite"; }
  mkdir -p "$tmp/root/usr/"{bin,sbin,lib,lib64}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$tmp/root/"
  for deb in "$tmp"/archives/*.deb; do
    # Older packages still ship /lib and /bin: follow the links of the merged /usr instead of replacing them.
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tmp/root" --keep-directory-symlink --no-same-owner
    # shellcheck disable=SC2016 # the fields are dpkg's
    dpkg-deb -W --showformat='${Package} ${Version}\n' "$deb"
  done >"$tmp/MANIFEST"
  rm -r "$tmp/archives" "$tmp/apt.log"
  publish "$tmp" "$key"
}

# The dynamic loader of an unpacked tree, so that its programs use its own libraries.
tree_loader() {
  local loader
  for loader in "$1"/root/usr/lib64/ld-linux-*.so.* "$1"/root/usr/lib/ld-linux-*.so.*; do
    [[ ! -e $loader ]] || { echo "$loader"; return; }
  done
  die "no dynamic loader in $1"
}

tree_library_path() {
  local triplet
  triplet=$(basename "$(dirname "$(find "$1/root/usr/lib" -maxdepth 2 -name libc.so.6 | head -n 1)")")
  echo "$1/root/usr/lib/$triplet:$1/root/usr/lib"
}
