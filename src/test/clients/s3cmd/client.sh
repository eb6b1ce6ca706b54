title=s3cmd
kind=program

prepare() {
  python s3cmd setuptools
  venv/bin/s3cmd --version | sed 's/.* //'
}

s3() { venv/bin/s3cmd -c config -q --no-progress "$@"; }

day() {
  local host=${S3_ENDPOINT#*://} secure=False
  [ -z "${S3_CA:-}" ] || secure=True
  (umask 77 && printf '%s\n' '[default]' "access_key = $AWS_ACCESS_KEY_ID" "secret_key = $AWS_SECRET_ACCESS_KEY" \
    "host_base = $host" "host_bucket = $host" "use_https = $secure" "ca_certs_file = ${S3_CA:-}" >config)
  rm -rf files back && mkdir -p 'files/deep ü'
  head -c 20971521 /dev/urandom >files/large
  echo small >'files/deep ü/a+b.txt'

  check mb s3 mb "s3://$S3_BUCKET"
  check put s3 put files/large "s3://$S3_BUCKET/large" # parts of 15 MiB
  check get s3 get --force "s3://$S3_BUCKET/large" kept
  check get cmp kept files/large
  check sync s3 sync files/ "s3://$S3_BUCKET/tree/"
  check sync s3 sync "s3://$S3_BUCKET/tree/" back/
  check sync diff -r files back
  check ls grep -q 'tree/deep ü/a+b.txt' <(venv/bin/s3cmd -c config ls -r "s3://$S3_BUCKET")
  check info grep -q 'MD5 sum' <(venv/bin/s3cmd -c config info "s3://$S3_BUCKET/tree/deep ü/a+b.txt")
  check cp s3 cp "s3://$S3_BUCKET/large" "s3://$S3_BUCKET/copied"
  check mv s3 mv "s3://$S3_BUCKET/copied" "s3://$S3_BUCKET/moved"
  check modify s3 modify --add-header=x-amz-meta-a:b "s3://$S3_BUCKET/tree/deep ü/a+b.txt"
  check tagging s3 settagging "s3://$S3_BUCKET" 'a=b'
  check multipart venv/bin/s3cmd -c config multipart "s3://$S3_BUCKET"
  check setpolicy s3 setpolicy <(printf '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",
    "Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/never"}]}' "$S3_BUCKET") "s3://$S3_BUCKET"
  check setacl s3 setacl --acl-private "s3://$S3_BUCKET/moved"
  check del s3 del "s3://$S3_BUCKET/moved"
  check rb s3 rb --recursive --force "s3://$S3_BUCKET"
}
