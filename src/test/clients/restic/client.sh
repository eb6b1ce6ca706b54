title=restic
kind=program

prepare() {
  need_debian restic restic
  restic version | awk '{ print $2 }'
}

r() { restic -q ${S3_CA:+--cacert "$S3_CA"} --no-cache "$@"; }

day() {
  export RESTIC_REPOSITORY=s3:$S3_ENDPOINT/$S3_BUCKET RESTIC_PASSWORD=throwaway
  rm -rf files back && mkdir -p files/deep
  head -c 41943041 /dev/urandom >files/large
  for i in $(seq 100); do echo "$i" >"files/deep/$i"; done

  check init r init
  check backup r backup files
  check check r check --read-data
  rm files/deep/7 && head -c 20971520 /dev/urandom >files/large
  check backup r backup files
  check restore r restore latest --target back
  check restore diff -r files back/files
  check snapshots test "$(r snapshots --json | grep -o '"short_id"' | wc -l)" = 2
  check forget-prune r forget --keep-last 1 --prune
  check check r check --read-data
}
