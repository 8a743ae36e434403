# stage.sh NAME COMMAND...: one step beside restic's, in an image of the user's. It never fails the pod, for then the
# steps behind it would not run; restic's container reads how it ended.
name=$1
shift
if [ "$name" = after ]; then
  until [ -e /work/read ] || [ -n "$(find /work/alive -mmin +1 2> /dev/null)" ]; do
    sleep 1
  done
elif [ -e /work/before.rc ] && [ "$(cat /work/before.rc)" != 0 ]; then
  exit 0
fi
rc=0
"$@" || rc=$?
echo "$rc" > "/work/$name.rc"
