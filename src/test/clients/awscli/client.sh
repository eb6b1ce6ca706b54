title="aws (version 1)"
kind=program

prepare() {
  python 'awscli[crt]'
  venv/bin/python -c 'import awscli; print(awscli.__version__)'
}

s3() { venv/bin/aws --endpoint-url "$S3_ENDPOINT" "$@"; }

same_tree() { diff -r files "$1"; }

day() {
  export AWS_CONFIG_FILE=$PWD/config AWS_SHARED_CREDENTIALS_FILE=$PWD/credentials
  printf '[default]\ns3 =\n  signature_version = s3v4\n' >config
  rm -rf files back kept && mkdir -p 'files/deep/er ü'
  head -c 20971521 /dev/urandom >files/large
  echo small >'files/deep/er ü/a+b.txt'
  local of=(--bucket "$S3_BUCKET")

  check mb s3 s3 mb "s3://$S3_BUCKET"
  check ls grep -q "$S3_BUCKET" <(s3 s3 ls)
  check sync s3 s3 sync --only-show-errors files "s3://$S3_BUCKET/up"
  check sync s3 s3 sync --only-show-errors "s3://$S3_BUCKET/up" back
  check sync same_tree back
  check sync test -z "$(s3 s3 sync files "s3://$S3_BUCKET/up")"
  check cp s3 s3 cp --only-show-errors "s3://$S3_BUCKET/up/large" "s3://$S3_BUCKET/copied"
  check cp s3 s3 cp --only-show-errors "s3://$S3_BUCKET/copied" kept
  check cp cmp kept files/large
  check cp grep -qx small <(s3 s3 cp "s3://$S3_BUCKET/up/deep/er ü/a+b.txt" -)
  check cp s3 s3 cp --only-show-errors - "s3://$S3_BUCKET/piped" <files/large
  check mv s3 s3 mv --only-show-errors "s3://$S3_BUCKET/piped" "s3://$S3_BUCKET/moved"
  check presign grep -qx small <(curl -s ${S3_CA:+--cacert "$S3_CA"} "$(s3 s3 presign "s3://$S3_BUCKET/up/deep/er ü/a+b.txt")")
  for algorithm in CRC32 CRC32C CRC64NVME SHA1 SHA256; do
    check "${algorithm,,}" s3 s3 cp --only-show-errors --checksum-algorithm $algorithm files/large "s3://$S3_BUCKET/sum"
    check "${algorithm,,}" s3 s3 cp --only-show-errors --checksum-mode ENABLED "s3://$S3_BUCKET/sum" kept
  done
  if [ -n "${S3_CA:-}" ]; then
    head -c 32 /dev/urandom >own.key
    check sse-c s3 s3 cp --only-show-errors --sse-c AES256 --sse-c-key fileb://own.key files/large "s3://$S3_BUCKET/own"
    check sse-c s3 s3 cp --only-show-errors --sse-c AES256 --sse-c-key fileb://own.key "s3://$S3_BUCKET/own" kept
    check sse-c cmp kept files/large
  fi
  check tagging s3 s3api put-object-tagging "${of[@]}" --key moved --tagging 'TagSet=[{Key=a,Value=b}]'
  check tagging grep -q '"b"' <(s3 s3api get-object-tagging "${of[@]}" --key moved)
  check policy s3 s3api put-bucket-policy "${of[@]}" --policy "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",
    \"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::$S3_BUCKET/never\"}]}"
  check delete-objects s3 s3api delete-objects "${of[@]}" --delete 'Objects=[{Key=copied},{Key=absent}]'
  check rm s3 s3 rm --only-show-errors --recursive "s3://$S3_BUCKET"
  # Of an empty bucket: deletes would leave markers from then on.
  check versioning s3 s3api put-bucket-versioning "${of[@]}" --versioning-configuration Status=Suspended
  check rb s3 s3 rb "s3://$S3_BUCKET"
}
