# Prints the keys' files, for the operator to read from the log: a line "keys", then of each file its name, a blank, and
# some of it in base64, and last how many lines that was. A log that lost its beginning or its end shows that so. Those of
# the newest snapshot, which say what was revoked since, come first and are called newest-7.gz.
{
  echo keys
  for file in /mapwright/keys/newest/*.gz /mapwright/keys/*.gz; do
    mark=''
    [ "${file%/newest/*}" = "$file" ] || mark=newest-
    [ ! -e "$file" ] || base64 -w 4000 "$file" | sed "s/^/$mark${file##*/} /"
  done
} | sed -n 'p;$='
