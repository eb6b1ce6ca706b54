title=rclone
kind=program

prepare() {
  need_debian rclone rclone
  rclone version | sed -n '1s/^rclone v//p'
}

r() { rclone --config config ${S3_CA:+--ca-cert "$S3_CA"} --retries 1 --low-level-retries 1 "$@"; }

day() {
  unset AWS_CA_BUNDLE # it stops at that variable; the option below is its own
  (umask 77 && printf '%s\n' '[s]' 'type = s3' 'provider = Other' "endpoint = $S3_ENDPOINT" 'region = us-east-1' \
    "access_key_id = $AWS_ACCESS_KEY_ID" "secret_access_key = $AWS_SECRET_ACCESS_KEY" >config)
  rm -rf files back && mkdir -p 'files/deep ü/many'
  head -c 20971521 /dev/urandom >files/large
  echo small >'files/deep ü/a+b.txt'
  for i in $(seq 1001); do : >"files/deep ü/many/$i"; done
  local s=s:$S3_BUCKET

  check mkdir r mkdir "$s"
  check sync r sync --transfers 16 --s3-upload-cutoff 5M files "$s/tree"
  check check r check --download files "$s/tree"
  check lsf test "$(r lsf -R --files-only "$s/tree" | wc -l)" = 1003
  check copy r copy --transfers 16 "$s/tree" back
  check copy diff -r files back
  check server-copy r copyto "$s/tree/large" "$s/copied"
  check moveto r moveto "$s/copied" "$s/moved"
  check cat cmp files/large <(r cat "$s/moved")
  check rcat r rcat "$s/piped" <files/large
  check touch r touch "$s/tree/large" # a copy onto itself with other metadata
  check hashsum r hashsum md5 "$s/tree/large"
  check link grep -qx small <(curl -s ${S3_CA:+--cacert "$S3_CA"} "$(r link "$s/tree/deep ü/a+b.txt")")
  check cleanup r cleanup "$s"
  check delete r delete "$s/tree/large"
  check purge r purge "$s"
}
