# restic, with the shell and commands of the official image's Alpine that the jobs' scripts use, and its ssh.
# shellcheck shell=bash disable=SC2034
REFERENCES=(docker.io/restic/restic:0.18.0)
TREES=("trixie restic mawk wget openssh-client ca-certificates $SHELL_PACKAGES")
CONFIG='{
  "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  "Entrypoint": ["/usr/bin/restic"]
}'

fill() {
  local tree
  # shellcheck disable=SC2086 # suite and packages are words
  tree=$(debian_tree ${TREES[0]})
  grep -q '^restic 0\.18\.0' "$tree/MANIFEST" || die "Debian trixie no longer has restic 0.18.0: give the image its real tag"
  add_shell "$1" "$tree"
  add_certificates "$1" "$tree"
  add_programs "$1" "$tree" usr/bin/{restic,wget,ssh,timeout,df,base64,mawk}
  ln -s mawk "$1/usr/bin/awk"
}
