# At rest the operator writes nothing.

audit="$("$cluster" state)/log/audit.jsonl"
seconds=${REST_SECONDS:-60}
# The lease is renewed all the time, by design, and reviews are questions: nothing is stored. Everything else counts.
writes() {
  grep -F 'system:serviceaccount:mapwright-system:' "$audit" |
    grep -vE '"resource":"(leases|[a-z]*reviews)"' | wc -l
}
say "rest: $seconds s, counted in the API server's audit log"
sleep 20
before=$(writes)
sleep "$seconds"
after=$(writes)
row "the operator was seen to write before" yes "$([ "$before" -gt 0 ] && echo yes || echo no)"
row "writes at rest" 0 "$((after - before))"
[ "$after" = "$before" ] || tail -n 400 "$audit" | grep -F 'mapwright-system' | grep -v leases | tail -n 5 | cut -c1-600
