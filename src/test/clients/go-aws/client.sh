title="AWS SDK for Go v2"
kind=sdk

prepare() {
  need go
  cp "$folder/main.go" .
  [ -f go.mod ] || go mod init day >&2
  go get github.com/aws/aws-sdk-go-v2/{aws,config,feature/s3/transfermanager,service/s3}@latest >&2 &&
    go mod tidy >&2 || skip "go could not fetch the SDK's modules"
  go build -o day . >&2
  go list -m -f '{{.Version}}' github.com/aws/aws-sdk-go-v2/service/s3
}

day() { ./day; }
