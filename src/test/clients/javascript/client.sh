title="AWS SDK for JavaScript v3"
kind=sdk

prepare() {
  need node npm
  cp "$folder/day.mjs" .
  [ -f package.json ] || echo '{ "private": true }' >package.json
  npm install --no-audit --no-fund --silent @aws-sdk/{client-s3,lib-storage,s3-request-presigner,s3-presigned-post}@latest >&2 ||
    skip "npm could not fetch the SDK's packages"
  node -p 'require("@aws-sdk/client-s3/package.json").version'
}

day() { NODE_EXTRA_CA_CERTS=${S3_CA:-} node day.mjs; }
