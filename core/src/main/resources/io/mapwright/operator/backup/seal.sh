# Waits until this pod is cut off from the repository: what starts behind it was restored, and is trusted no more than the
# map server ever is. Two tries in a row must fail, for one may fail by chance. Exit code 68: it is not cut off.
stage=seal
end=$(($(date +%s) + 300))
# Longer than an answer took: one that is only slow must not pass for none.
patience=$(cat /work/patience)
failed=0
while [ "$failed" -lt 2 ]; do
  if timeout "$patience" restic --no-lock snapshots --quiet --latest 1 --tag mapwright > "$out" 2>&1; then failed=0; else failed=$((failed + 1)); fi
  if [ "$failed" -lt 2 ] && [ "$(date +%s)" -ge "$end" ]; then
    echo 'This pod still reaches the repository, so the restored server was not started.' > "$out"
    finish 68
  fi
  sleep 1
done
stage=done
finish 0
