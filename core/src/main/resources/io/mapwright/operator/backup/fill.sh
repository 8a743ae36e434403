# Fills the data volume from the snapshot that was found. Trying again does no harm: what is there already is left as it is,
# what is not in the snapshot goes.
fact touched yes
# shellcheck disable=SC2086 # one or two words
run restore restic restore $RESTORE_LOCK "$(cat /work/snapshot):/mapwright/data" --target /mapwright/data --delete \
  --exclude '/lost+found'
stage=done
finish 0
