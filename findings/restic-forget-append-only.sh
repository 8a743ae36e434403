#!/usr/bin/env bash
# restic and rest-server: "forget" in a repository that is append-only.
#
# rest-server 0.14.0 with --append-only refuses to delete snapshots. restic 0.18.0 then prints "unable to remove snapshot",
# goes on with "1 snapshots have been removed", and exits 0: the snapshots are all still there. restic 0.19.1 exits 3. So
# "forget" that ends well is no proof that anything was forgotten; count the snapshots, or read what it printed.
#
# Expected: a failure from each version, as nothing was done of what was asked for.
# Needs Go and its module proxy. Fails if the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server"; chmod -R u+w "$work"; rm -rf "$work"' EXIT
export RESTIC_PASSWORD=test RESTIC_CACHE_DIR=$work/cache
failed=0
mkdir "$work/server"
printf 'module finding\n\ngo 1.24\n\nrequire github.com/restic/rest-server v0.14.0\n' > "$work/server/go.mod"
(cd "$work/server" && go build -mod=mod -o "$work/bin/rest-server" github.com/restic/rest-server/cmd/rest-server)
port=$((20000 + RANDOM % 20000))
"$work/bin/rest-server" --append-only --no-auth --path "$work/data" --listen "127.0.0.1:$port" > "$work/server.log" 2>&1 &
server=$!
echo data > "$work/file"
for version in 0.18.0:0 0.19.1:3; do
  GOBIN=$work/bin-${version%:*} go install "github.com/restic/restic/cmd/restic@v${version%:*}"
  restic=$work/bin-${version%:*}/restic
  export RESTIC_REPOSITORY=rest:http://127.0.0.1:$port/${version%:*}
  "$restic" init > /dev/null
  "$restic" backup "$work/file" > /dev/null
  "$restic" backup "$work/file" > /dev/null
  "$restic" forget --keep-last 1 > "$work/out" 2>&1 && code=0 || code=$?
  left=$("$restic" snapshots --json | grep -o '"short_id"' | wc -l)
  echo "restic ${version%:*}: forget --keep-last 1: exit code $code, $left snapshots left of 2"
  [ "$code" = "${version#*:}" ] && [ "$left" = 2 ] && grep -q 'unable to remove snapshot' "$work/out" || failed=1
done
exit "$failed"
