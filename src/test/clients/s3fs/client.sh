title=s3fs
kind=program

prepare() {
  need_debian s3fs s3fs
  [ -c /dev/fuse ] && : 3<>/dev/fuse || skip "there is no /dev/fuse to mount with"
  s3fs --version | sed -n '1s/.* V\([0-9.]*\).*/\1/p'
}

# It turns to the CA bundle only when a first try failed for want of it.
mount_it() {
  CURL_CA_BUNDLE=${S3_CA:-} s3fs "$S3_BUCKET" mount -o url="$S3_ENDPOINT",use_path_request_style,endpoint=us-east-1 \
    -o passwd_file=passwd,ensure_diskfree=100
}

unmount_it() { fusermount -u mount; }

day() {
  unmount_it 2>/dev/null || true
  rm -rf mount files && mkdir -p mount files/deep
  (umask 77 && echo "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" >passwd)
  head -c 31457281 /dev/urandom >files/large
  echo small >'files/deep/ü a+b'
  # s3fs makes no bucket.
  curl -sS --fail-with-body ${S3_CA:+--cacert "$S3_CA"} --aws-sigv4 aws:amz:us-east-1:s3 --user "$(cat passwd)" \
    -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' -X PUT "$S3_ENDPOINT/$S3_BUCKET" >&2

  check mount mount_it
  trap unmount_it EXIT
  check write cp -r files/. mount
  check read diff -r files mount
  check append sh -c 'echo more >>mount/deep/"ü a+b"'
  check append grep -qx more 'mount/deep/ü a+b'
  check rename mv mount/large mount/deep/moved
  check rename cmp files/large mount/deep/moved
  check rename-folder mv mount/deep mount/other
  check list test "$(ls mount/other)" = "$(printf 'moved\nü a+b')"
  check chmod chmod 600 mount/other/moved
  check truncate truncate -s 100 mount/other/moved
  check truncate cmp -n 100 files/large mount/other/moved
  check symlink ln -s other/moved mount/link
  check symlink test "$(readlink mount/link)" = other/moved
  check remove sh -c 'rm -r mount/* && test -z "$(ls mount)"'
  trap - EXIT
  check unmount unmount_it
}
