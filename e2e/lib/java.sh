# Finds Java 25 and exports JAVA_HOME. Source it.
# Order: JAVA_HOME, the usual folders, then, as root on Debian, the package.

java_is_25() {
  [ -x "$1/bin/javac" ] && [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2> /dev/null)" = 25 ]
}

find_java() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$home" ] && java_is_25 "$home"; then
      printf '%s\n' "$home"
      return
    fi
  done
  return 1
}

if ! JAVA_HOME=$(find_java); then
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "No Java 25 found: installing openjdk-25-jdk-headless by apt-get." >&2
    apt-get update -q >&2 || true
    apt-get install -y -q openjdk-25-jdk-headless >&2 || true
  fi
  JAVA_HOME=$(find_java) || {
    echo "Java 25 is needed (a JDK: Temurin, OpenJDK, …). Install it, or set JAVA_HOME." >&2
    exit 1
  }
fi
export JAVA_HOME

command -v mvn > /dev/null || {
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "No Maven found: installing it by apt-get." >&2
    apt-get install -y -q maven >&2
  else
    echo "Maven 3.8.7 or newer is needed. Install it (package maven)." >&2
    exit 1
  fi
}
