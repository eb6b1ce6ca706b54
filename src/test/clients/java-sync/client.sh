title="AWS SDK for Java v2"
source "$here/java/java.sh" sync
