# Prints the keys' files, for the operator to read: the name of the file, a blank, and some of it in base64.
for file in /mapwright/keys/*.gz; do
  [ ! -e "$file" ] || base64 -w 4000 "$file" | sed "s/^/${file##*/} /"
done
