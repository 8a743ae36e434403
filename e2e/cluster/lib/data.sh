# Releases of restic and of PostgreSQL with PostGIS on the host, side by side, for tests of backups and restores.
# shellcheck shell=bash

# wrapper TREE PROGRAM ARGV0: print a script that runs a program of an unpacked tree with the tree's own libraries.
wrapper() {
  cat <<WRAPPER
#!/bin/sh
exec '$(tree_loader "$1")' --library-path '$(tree_library_path "$1")' --argv0 '$3' '$1/root/$2' "\$@"
WRAPPER
}

# restic_path 0.14|0.18|newest: print the path of that restic. The newest is what a rolling suite has.
restic_path() {
  local path=$CACHE/restic/$1/restic
  case $1 in
    0.14 | 0.18 | newest) ;;
    *) die "restic 0.14, 0.18 or newest, not '${1:-}'" ;;
  esac
  [[ -x $path ]] || locked "restic-$1" restic_build "$1" "$path" >&2
  echo "$path"
}

restic_build() {
  local version=$1 path=$2 suite tree tmp
  [[ ! -x $path ]] || return 0
  case $version in
    0.14) suite=bookworm ;;
    0.18) suite=trixie ;;
    newest) suite=sid version='' ;;
  esac
  tree=$(debian_tree "$suite" restic)
  tmp=$(scratch restic)
  wrapper "$tree" usr/bin/restic "$path" >"$tmp/restic"
  chmod 755 "$tmp/restic"
  [[ $("$tmp/restic" version) == "restic $version"* ]] || die "restic $version does not run here"
  publish "$tmp" "$(dirname "$path")"
}

# postgres_path 15|17: print a folder with the programs of that PostgreSQL, whose servers have PostGIS.
postgres_path() {
  local folder=$CACHE/postgres/$1
  case $1 in
    15 | 17) ;;
    *) die "PostgreSQL 15 or 17, not '${1:-}'" ;;
  esac
  [[ -d $folder ]] || locked "postgres-$1" postgres_build "$1" "$folder" >&2
  echo "$folder/usr/lib/postgresql/$1/bin"
}

# PostgreSQL finds its other files by the place of its program, so the wrappers lie where the programs do in Debian.
postgres_build() {
  local version=$1 folder=$2 suite=trixie tree tmp home=usr/lib/postgresql/$1 program control
  [[ ! -d $folder ]] || return 0
  [[ $version != 15 ]] || suite=bookworm
  tree=$(debian_tree "$suite" "postgresql-$version" "postgresql-$version-postgis-3" tzdata)
  tmp=$(scratch postgres)
  mkdir -p "$tmp/$home/bin" "$tmp/usr/share/postgresql"
  ln -s "$tree/root/$home/lib" "$tmp/$home/lib"
  cp -rs "$tree/root/usr/share/postgresql/$version" "$tmp/usr/share/postgresql/"
  # In Debian these names are made when the package is installed.
  for control in "$tmp/usr/share/postgresql/$version"/extension/*-3.control; do
    ln -s "$(basename "$control")" "${control%-3.control}.control"
  done
  for program in postgres initdb psql pg_dump pg_restore pg_isready; do
    wrapper "$tree" "$home/bin/$program" "$folder/$home/bin/$program" >"$tmp/$home/bin/$program"
  done
  chmod 755 "$tmp/$home/bin"/*
  [[ $("$tmp/$home/bin/postgres" --version 2>/dev/null) == *" $version."* ]] || die "PostgreSQL $version does not run here"
  publish "$tmp" "$folder"
}
