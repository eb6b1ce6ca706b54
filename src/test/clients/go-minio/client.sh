title=minio-go
kind=sdk

prepare() {
  need go
  cp "$folder/main.go" .
  [ -f go.mod ] || go mod init day >&2
  go get github.com/minio/minio-go/v7@latest >&2 && go mod tidy >&2 || skip "go could not fetch the module"
  go build -o day . >&2
  go list -m -f '{{.Version}}' github.com/minio/minio-go/v7
}

day() { SSL_CERT_FILE=${S3_CA:-} ./day; }
