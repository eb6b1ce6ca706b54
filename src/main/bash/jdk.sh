# Sourced by ./allod and ./build: finds a JDK of version 25 or newer and sets JAVA_HOME, or says which package to install.

# jdk_version FOLDER: prints the feature release of the JDK in FOLDER, 0 where there is none. Reads the `release` file
# that every JDK carries, which is a hundred times faster than starting it.
jdk_version() {
  local version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || { echo 0; return; }
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  echo "${version:-0}"
}

jdk_candidates() {
  local java
  [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
  if java=$(command -v javac); then dirname "$(dirname "$(readlink -f "$java" 2>/dev/null || echo "$java")")"; fi
  ls -d /usr/lib/jvm/*25* /opt/*jdk*25* /opt/java/openjdk "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/lib/jvm/* /opt/*jdk* 2>/dev/null
  if [ -x /usr/libexec/java_home ]; then /usr/libexec/java_home -v 25+ 2>/dev/null; fi
}

find_jdk() {
  local home
  while IFS= read -r home; do
    if [ "$(jdk_version "$home")" -ge 25 ]; then
      export JAVA_HOME=$home
      return
    fi
  done < <(jdk_candidates)
  cat >&2 <<'END'
allod: no JDK 25 was found in JAVA_HOME, on the PATH or in the usual folders. Install one:
  Debian, Ubuntu   apt-get install openjdk-25-jdk, or temurin-25-jdk from https://adoptium.net/installation/linux
  macOS            brew install openjdk@25
Then run this again, or set JAVA_HOME to its folder.
END
  exit 69
}

need_mvn() {
  command -v mvn >/dev/null && return
  echo "allod: building needs Maven. Install the package \`maven\` (Debian, Ubuntu: apt-get install maven; macOS: brew install maven)." >&2
  exit 69
}

# maven GOAL...: Maven without its own libraries' warnings about what a later JDK will take away.
maven() {
  MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" mvn -B -ntp "$@"
}
