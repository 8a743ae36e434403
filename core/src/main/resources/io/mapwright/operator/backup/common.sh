# Read before the script of each job that runs in restic's image. What the operator learns of a job is its termination
# message: lines "name=value", then "log:" and the last lines of the stage that failed. It never holds a secret.
set -uf
# Times are compared as text.
export LC_ALL=C
facts=/tmp/facts out=/tmp/out stage=start child=''
: > "$facts"
: > "$out"

fact() { printf '%s=%s\n' "$1" "$2" >> "$facts"; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# finish CODE: reports how the current stage ended, and exits.
finish() {
  [ "$1" != 0 ] || : > "$out"
  {
    printf 'stage=%s\nexit=%s\ntime=%s\n' "$stage" "$1" "$(now)"
    cat "$facts"
    echo log:
    tail -n 12 "$out" | tail -c 1500
  } > /dev/termination-log
  exit "$1"
}

# In the background, so that a stop is heard at once and restic can take its lock back.
stopped() {
  [ -z "$child" ] || { kill -TERM "$child" 2> /dev/null && wait "$child"; }
  echo 'The pod was stopped.' >> "$out"
  finish 143
}
trap stopped TERM INT

# attempt STAGE COMMAND...
attempt() {
  stage=$1
  shift
  printf '== %s\n' "$stage"
  "$@" > "$out" 2>&1 &
  child=$!
  rc=0
  wait "$child" || rc=$?
  child=''
  cat "$out"
  return "$rc"
}

# run STAGE COMMAND...: a failure ends the job.
run() { attempt "$@" || finish "$rc"; }

# What these scripts ask of restic, and the exit codes they distinguish, came with 0.17; see docs/restic.md. Exit code 69:
# it is older.
current() {
  stage=version
  release=$(restic version 2> /dev/null)
  case $release in
    'restic 0.'[0-9].* | 'restic 0.1'[0-6].*)
      echo "The image has ${release%% compiled*}, and 0.17 or newer is needed." > "$out"
      finish 69
      ;;
  esac
}

# Restic takes a bucket that is not there for a server that is away, and asks until it is stopped.
no_bucket() { [ "$rc" = 124 ] && grep -qi 'bucket does not exist\|NoSuchBucket' "$out"; }

# A server that is away is asked by restic for a quarter of an hour; that would look as if nothing were wrong. Without a
# lock: a stale exclusive one must not keep us from the line that removes it.
open() { attempt open timeout 60 restic --no-lock snapshots --quiet --latest 1 --tag mapwright; }

# value NAME: of a text on standard input, which is one object of JSON with no nested field of that name.
value() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

# What the repository holds of this instance, newest last, one a line.
list() {
  run list restic --no-lock snapshots --json --tag mapwright "$@"
  sed -e 's/^\[{//' -e 's/},{"time"/\n"time"/g' "$out" | grep '"time"' | sort > /tmp/snapshots
}
