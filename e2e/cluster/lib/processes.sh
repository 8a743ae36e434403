# Daemons of one cluster: started in the background, known by process id and start time, ended only if still the same.
# shellcheck shell=bash

# Clock ticks since boot: with the process id it names one process forever.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command's name may hold spaces and brackets: count from behind it.
  # shellcheck disable=SC2086 # the fields are words
  set -- ${stat##*) }
  [[ $1 != Z ]] || return 1
  echo "${20}"
}

# daemon NAME CMD...: log to log/NAME.log, remember in pids/NAME.
daemon() {
  local name=$1
  shift
  (
    cd /
    join_cgroup
    exec setsid "$@"
  ) >"$STATE/log/$name.log" 2>&1 </dev/null &
  echo "$! $(start_time $!)" >"$STATE/pids/$name"
}

alive() {
  local pid started
  read -r pid started 2>/dev/null <"$STATE/pids/$1" || return 1
  [[ $(start_time "$pid") == "$started" ]]
}

daemon_names() {
  local file
  for file in "$STATE"/pids/*; do
    [[ ! -f $file ]] || basename "$file"
  done
}

all_alive() {
  local name
  for name in $(daemon_names); do
    alive "$name" || return 1
  done
}

# end_daemons NAME...: in this order, politely first.
end_daemons() {
  local name
  for name in "$@"; do
    end_daemon "$name"
  done
}

end_daemon() {
  local pid
  alive "$1" || return 0
  read -r pid _ <"$STATE/pids/$1"
  kill -TERM "$pid"
  wait_for 5 "$1 to end" gone "$1" || { kill -KILL "$pid"; wait_for 5 "$1 to die" gone "$1"; }
}

gone() {
  ! alive "$1"
}

# wait_ready SECONDS NAME CMD...: wait for CMD, but not for a daemon that has died; then show why.
wait_ready() {
  local seconds=$1 name=$2
  shift 2
  wait_for "$seconds" "$name" ready_or_dead "$name" "$@" && alive "$name" && return
  alive "$name" || say "$name has ended"
  tail -n 20 "$STATE/log/$name.log" >&2
  die "$name does not work; its whole log is $STATE/log/$name.log"
}

ready_or_dead() {
  gone "$1" || "${@:2}"
}
