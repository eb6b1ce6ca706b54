# Sourced by the client.sh of each of the SDK's clients, which are one program; $1 is its name there.
engine=$1
kind=sdk

prepare() {
  need mvn
  local version
  version=$(sed -n 's/.*<awssdk.version>\(.*\)<.*/\1/p' "$root/pom.xml")
  mvn -B -q -ntp -f "$here/java/pom.xml" -Dawssdk.version="$version" dependency:build-classpath \
    -Dmdep.outputFile="$PWD/classpath" >&2 || skip "Maven could not fetch the SDK"
  mkdir -p classes
  "$JAVA_HOME/bin/javac" -d classes -cp "$(cat classpath)" "$here/java/Day.java" >&2
  echo "$version"
}

day() {
  local trust=()
  [ -z "${S3_TRUST:-}" ] || trust=(-Djavax.net.ssl.trustStore="$S3_TRUST" -Djavax.net.ssl.trustStorePassword=throwaway)
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx512m "${trust[@]}" -cp "classes:$(cat classpath)" Day "$engine"
}
