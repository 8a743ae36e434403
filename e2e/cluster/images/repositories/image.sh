# Servers that hold backup repositories in tests: S3 by rclone, restic's REST server, SFTP by OpenSSH.
# shellcheck shell=bash disable=SC2034
REFERENCES=(mapwright.test/repositories:1)
TREES=("trixie openssh-server openssh-client $SHELL_PACKAGES")
PROGRAMS=(rclone rest-server)
CONFIG='{
  "User": "65532:65532",
  "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp"],
  "Cmd": ["/bin/sh"]
}'

fill() {
  local tree program
  # shellcheck disable=SC2086 # suite and packages are words
  tree=$(debian_tree ${TREES[0]})
  add_shell "$1" "$tree"
  add_programs "$1" "$tree" usr/sbin/sshd usr/bin/ssh-keygen usr/lib/openssh/{sshd-session,sshd-auth}
  for program in "${PROGRAMS[@]}"; do
    install -m 755 "$(program "$program")" "$1/usr/local/bin/$program"
  done
}
