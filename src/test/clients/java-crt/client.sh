title="Java v2, CRT and transfer manager"
source "$here/java/java.sh" crt
