# Finds the snapshot, and lays the dump of the database and the keys ready for the containers behind. Nothing that is kept
# is touched. Exit codes besides restic's: 65 no such snapshot, 66 the volume is too small.
data=/mapwright/data

current
open || finish "$rc"
# shellcheck disable=SC2086 # empty, or two words
list $RESTORE_HOST
if [ -n "$RESTORE_TIME" ]; then
  { cat /tmp/snapshots && printf '"time":"%s"~\n' "$RESTORE_TIME"; } | sort | sed '/^"time":"[^"]*"~$/,$d' > /tmp/fitting
elif [ "$RESTORE_SNAPSHOT" = latest ]; then
  cp /tmp/snapshots /tmp/fitting
else
  grep "\"id\":\"$RESTORE_SNAPSHOT" /tmp/snapshots > /tmp/fitting || :
fi
stage=find
if [ ! -s /tmp/fitting ]; then
  wanted=$RESTORE_SNAPSHOT
  [ -z "$RESTORE_TIME" ] || wanted="of $RESTORE_TIME or older"
  {
    echo "There is no snapshot $wanted. The newest ones are:"
    tail -n 5 /tmp/snapshots | sed 's/^"time":"\([^".]*\).*"short_id":"\([^"]*\)".*/\2 of \1/'
  } > "$out"
  finish 65
fi
chosen=$(tail -n 1 /tmp/fitting)
id=$(printf '%s\n' "$chosen" | value short_id)
bytes=$(printf '%s\n' "$chosen" | value total_bytes_processed)
fact snapshot "$id"
fact snapshotTime "$(printf '%s\n' "$chosen" | value time)"
fact bytes "$bytes"

stage=room
room=$(df -Pk "$data" | sed -n '2s/^[^ ]* *[0-9]* *\([0-9]*\) *\([0-9]*\) .*/\1 + \2/p')
if [ -n "$room" ] && [ -n "$bytes" ] && [ "$((bytes / 1024))" -gt "$(($room))" ]; then
  echo "The snapshot holds $bytes bytes, the volume has room for $((($room) * 1024))." > "$out"
  finish 66
fi

# What is behind this one fills the volume with it, once the database could be loaded.
printf '%s\n' "$id" > /work/snapshot
# shellcheck disable=SC2086 # one or two words
set -- restic restore $RESTORE_LOCK
for part in $RESTORE_PARTS; do
  attempt "$part" restic --no-lock ls "$id" "/mapwright/$part"
  if [ "$rc" = 0 ] && grep -q "^/mapwright/$part/" "$out"; then
    run "$part" "$@" "$id:/mapwright/$part" --target "/mapwright/$part"
  else
    fact absent "$part"
  fi
done
# What was revoked since an older snapshot was made stays so: the newest one of the same instance says what.
case " $RESTORE_PARTS " in
  *' keys '*)
    host=$(printf '%s\n' "$chosen" | value hostname)
    newest=$(grep -F "\"hostname\":\"$host\"" /tmp/snapshots | tail -n 1 | value short_id)
    if [ -n "$newest" ] && [ "$newest" != "$id" ]; then
      attempt keys restic --no-lock ls "$newest" /mapwright/keys
      if [ "$rc" = 0 ] && grep -q '^/mapwright/keys/' "$out"; then
        run keys "$@" "$newest:/mapwright/keys" --target /mapwright/keys/newest
      fi
    fi
    ;;
esac
stage=done
finish 0
