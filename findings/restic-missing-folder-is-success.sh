#!/usr/bin/env bash
# restic: a folder that is asked for and is not there.
#
# restic 0.18.0: "restic backup a b", where b does not exist, exits 0 and saves a alone; its warning goes to standard error.
# So a mistyped path in a scheduled backup is a success for every scheduler that goes by the exit code. restic 0.19.1 exits
# 3. In both, a backup of b alone exits 1, and a folder without any file exits 0 with a snapshot of nothing.
#
# Expected: 3 ("at least one source file could not be read") in both, as the manual's list of exit codes reads.
# Needs Go and its module proxy. Fails if the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export RESTIC_PASSWORD=test RESTIC_CACHE_DIR=$work/cache
failed=0
mkdir -p "$work/tree/a" "$work/tree/empty"
echo data > "$work/tree/a/file"
cd "$work/tree"
for version in 0.18.0:0 0.19.1:3; do
  GOBIN=$work/bin-${version%:*} go install "github.com/restic/restic/cmd/restic@v${version%:*}"
  restic=$work/bin-${version%:*}/restic
  export RESTIC_REPOSITORY=$work/repository-${version%:*}
  "$restic" init > /dev/null
  for case in "a missing:${version#*:}" missing:1 empty:0; do
    # shellcheck disable=SC2086 # a list of folders
    "$restic" backup ${case%:*} > "$work/out" 2>&1 && code=0 || code=$?
    echo "restic ${version%:*}: backup ${case%:*}: exit code $code"
    [ "$code" = "${case#*:}" ] || failed=1
  done
done
exit "$failed"
