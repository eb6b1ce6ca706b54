title="Hadoop S3A (contract tests)"
kind=program

prepare() {
  need mvn
  mvn -B -q -ntp -f "$folder/pom.xml" dependency:build-classpath -Dmdep.outputFile="$PWD/classpath" >&2 ||
    skip "Maven could not fetch Hadoop"
  mkdir -p classes
  "$JAVA_HOME/bin/javac" -proc:none -d classes -cp "$(cat classpath)" "$folder/Contract.java" >&2
  sed -n 's/.*<hadoop.version>\(.*\)<.*/\1/p' "$folder/pom.xml"
}

day() {
  local trust=()
  [ -z "${S3_TRUST:-}" ] || trust=(-Djavax.net.ssl.trustStore="$S3_TRUST" -Djavax.net.ssl.trustStorePassword=throwaway)
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx512m "${trust[@]}" \
    -cp "classes:$(cat classpath)" Contract
}
