# A table of requests with the answers that are expected and those that came. Source it.

CHECKS_FAILED=0
CHECKS_PASSED=0

# row WHAT EXPECTED ACTUAL [REMARK]
row() {
  local mark="ok  "
  if [ "$2" = "$3" ]; then
    CHECKS_PASSED=$((CHECKS_PASSED + 1))
  else
    CHECKS_FAILED=$((CHECKS_FAILED + 1))
    mark="FAIL"
  fi
  printf '  %s %-52s %-12s %s\n' "$mark" "$1" "$3" "${4:-}"
  [ "$mark" != FAIL ] || printf '       expected: %s\n' "$2"
}

# within SECONDS WHAT COMMAND...: repeats a command until it succeeds, and says what it waited for if it never does.
within() {
  local seconds=$1 what=$2 start=$SECONDS
  shift 2
  until "$@" > /dev/null 2>&1; do
    if ((SECONDS - start >= seconds)); then
      printf 'gave up after %s s waiting for: %s\n' "$seconds" "$what" >&2
      return 1
    fi
    sleep 0.5
  done
  printf '  %3s s  %s\n' "$((SECONDS - start))" "$what"
}
