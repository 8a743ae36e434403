# One-layer container images from Debian and npm files, built without a container engine.
# shellcheck shell=bash
#
# images/<name>/image.sh is a recipe. It sets REFERENCES (the names the image is known by), what it is made of: TREES
# (each "suite package...") and PROGRAMS, CONFIG (the image's run settings as JSON), and defines fill ROOT.

# Loaded in this order: the first two are what the first pod needs.
readonly IMAGES=(pause coredns haproxy-3.4 haproxy-3.2 tileserver client restic postgres repositories)

# with_recipe IMAGE CMD...: run CMD in a subshell that has read the recipe.
with_recipe() (
  RECIPE=$HERE/images/${1%%-[0-9]*}
  [[ -r $RECIPE/image.sh ]] || die "no image '$1': there are ${IMAGES[*]}"
  VARIANT=${1#"${1%%-[0-9]*}"}
  VARIANT=${VARIANT#-}
  TREES=() PROGRAMS=()
  # shellcheck source=/dev/null
  . "$RECIPE/image.sh"
  shift
  "$@"
)

# image_names ARCHIVE: what the image is called, by tag and by digest.
image_names() {
  tar -xOf "$1" ./index.json | jq -r '.manifests[].annotations["io.containerd.image.name"]'
}

# The key covers the recipe and the version of every part: same key, same bytes.
image_key() {
  local tree name
  {
    printf '%s\n' "$VARIANT" "${REFERENCES[@]}"
    find "$RECIPE" -type f -print0 | sort -z | xargs -0 cat
    cat "$HERE/lib/images.sh"
    for tree in "${TREES[@]}"; do
      # shellcheck disable=SC2086 # a suite and its packages are words
      cat "$(debian_tree $tree)/MANIFEST"
    done
    for name in "${PROGRAMS[@]}"; do
      program_version "$name"
    done
  } | sha256sum | cut -c1-16
}

# image_archive NAME: print the path of the image's archive, built if it is not in the cache.
image_archive() {
  local key archive
  key=$(with_recipe "$1" image_key)
  archive=$CACHE/images/$1-$key.tar
  [[ -e $archive ]] || locked "image-$1" with_recipe "$1" image_build "$1" "$archive" >&2
  echo "$archive"
}

image_build() {
  local name=$1 archive=$2 tmp
  [[ ! -e $archive ]] || return 0
  say "building image $name (${REFERENCES[0]})"
  tmp=$(scratch image)
  mkdir "$tmp/root"
  image_base "$tmp/root"
  fill "$tmp/root"
  image_pack "$tmp" "${REFERENCES[@]}"
  mkdir -p "$CACHE/images"
  mv "$tmp/image.tar" "$archive"
  rm -rf "$tmp"
  # Older recipes' archives; those of the last days may belong to another branch that is worked on.
  find "$CACHE/images" -name "$name-*.tar" -mtime +7 -delete
}

image_base() {
  mkdir -p "$1"/{dev,proc,sys,run,tmp,etc,root,home,usr/{bin,sbin,lib,lib64,local/{bin,sbin}},var/{lib,tmp}}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1/"
  chmod 1777 "$1/tmp" "$1/var/tmp"
  cat >"$1/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
haproxy:x:99:99:haproxy:/var/lib/haproxy:/bin/sh
postgres:x:999:999:postgres:/var/lib/postgresql:/bin/sh
node:x:1000:1000:node:/home/node:/bin/sh
nonroot:x:65532:65532:nonroot:/tmp:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/bin/sh
PASSWD
  printf 'root:x:0:\nhaproxy:x:99:\npostgres:x:999:\nnode:x:1000:\nnonroot:x:65532:\nnogroup:x:65534:\n' >"$1/etc/group"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
}

# add_programs ROOT TREE FILE...: copy files out of a Debian tree, with every library that they load.
add_programs() {
  local root=$1 tree=$2 loader paths file library
  shift 2
  loader=$(tree_loader "$tree")
  paths=$(tree_library_path "$tree")
  for file in "$loader" "${@/#/$tree/root/}"; do
    [[ -e $file ]] || die "$file is not in its package"
    install -D -m 755 "$file" "$root/${file#"$tree/root/"}"
    [[ $(head -c 4 "$file" | tr -d '\0') == $'\x7fELF' && $file != "$loader" ]] || continue
    while read -r library; do
      install -D -m 755 "$library" "$root/${library#"$tree/root/"}"
    done < <("$loader" --library-path "$paths" --list "$file" | awk -v t="$tree/root/" 'index($3, t) == 1 { print $3 }')
  done
}

# A shell and the everyday commands, as the real images have them.
readonly SHELL_PACKAGES='dash coreutils grep sed findutils'
add_shell() {
  add_programs "$1" "$2" usr/bin/{dash,basename,cat,chmod,cp,cut,date,dd,dirname,echo,env,false,head,id,ln,ls,mkdir} \
    usr/bin/{mktemp,mv,printf,pwd,readlink,rm,rmdir,seq,sha256sum,sleep,sort,stat,tail,tee,test,touch,tr,true,uname,wc} \
    usr/bin/{grep,sed,find,xargs}
  ln -sf dash "$1/usr/bin/sh"
}

add_certificates() {
  mkdir -p "$1/etc/ssl/certs"
  cat "$2"/root/usr/share/ca-certificates/mozilla/*.crt >"$1/etc/ssl/certs/ca-certificates.crt"
}

# image_pack FOLDER REFERENCE...: FOLDER/root becomes the only layer of FOLDER/image.tar, in the OCI image layout.
# Same input, same bytes: sorted names, no owners, no clock. So the digest names the content, and pods may use it.
image_pack() {
  local tmp=$1 layer config
  shift
  mkdir -p "$tmp/oci/blobs/sha256"
  reproducible_tar "$tmp/root" >"$tmp/layer"
  layer=$(descriptor "$tmp" layer application/vnd.oci.image.layer.v1.tar)
  jq -cn --argjson config "$CONFIG" --arg arch "$ARCH" --argjson layer "$layer" '{
    architecture: $arch, os: "linux", config: $config, rootfs: {type: "layers", diff_ids: [$layer.digest]}
  }' >"$tmp/config"
  config=$(descriptor "$tmp" config application/vnd.oci.image.config.v1+json)
  jq -cn --argjson config "$config" --argjson layer "$layer" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: $config, layers: [$layer]
  }' >"$tmp/manifest"
  descriptor "$tmp" manifest application/vnd.oci.image.manifest.v1+json |
    jq -c '. as $manifest | {schemaVersion: 2, manifests: [$ARGS.positional[]
      | ., (sub(":[^:/]*$"; "") + "@" + $manifest.digest)
      | $manifest + {annotations: {"io.containerd.image.name": .}}]}' --args "$@" >"$tmp/oci/index.json"
  echo '{"imageLayoutVersion": "1.0.0"}' >"$tmp/oci/oci-layout"
  reproducible_tar "$tmp/oci" >"$tmp/image.tar"
}

# descriptor FOLDER FILE TYPE: file it among the blobs, print how manifests refer to it.
descriptor() {
  local digest
  digest=$(sha256sum "$1/$2" | cut -d' ' -f1)
  jq -cn --arg type "$3" --arg digest "sha256:$digest" --argjson size "$(stat -c %s "$1/$2")" \
    '{mediaType: $type, digest: $digest, size: $size}'
  mv "$1/$2" "$1/oci/blobs/sha256/$digest"
}

reproducible_tar() {
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu -cf - -C "$1" .
}

images_build() {
  local image
  for image in "${@:-${IMAGES[@]}}"; do
    image_archive "$image"
  done
}

images_list() {
  local image
  for image in "${IMAGES[@]}"; do
    image_names "$(image_archive "$image")"
  done
}
