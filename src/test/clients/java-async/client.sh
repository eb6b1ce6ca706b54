title="Java v2, async and transfer manager"
source "$here/java/java.sh" async
