// A day of the AWS SDK for Go v2 with an S3 endpoint: prints one line for each operation and how it went.
package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

var (
	ctx    = context.Background()
	bucket = aws.String(os.Getenv("S3_BUCKET"))
	client *s3.Client
)

func code(err error) string {
	var fault smithy.APIError
	if errors.As(err, &fault) {
		return fault.ErrorCode()
	}
	return fmt.Sprint(err)
}

// step runs the operation and prints how it went; a panic is a fault of ours, as from must and expect.
func step(name string, work func()) {
	defer func() {
		fault := recover()
		word := "failed"
		if fault == nil {
			fmt.Println("ok " + name)
			return
		}
		if err, ok := fault.(error); ok && code(err) == "NotImplemented" {
			word = "refused"
		}
		fmt.Println(word, name, strings.ReplaceAll(fmt.Sprint(fault), "\n", " "))
	}()
	work()
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func expect(got, want any) {
	if !reflect.DeepEqual(got, want) {
		panic(fmt.Sprintf("got %v, not %v", got, want))
	}
}

func expectCode[T any](want string) func(value T, err error) {
	return func(_ T, err error) { expect(code(err), want) }
}

func put(key, content string, more ...func(*s3.PutObjectInput)) *s3.PutObjectOutput {
	in := &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader(content)}
	for _, change := range more {
		change(in)
	}
	return must(client.PutObject(ctx, in))
}

func tryGet(key string, more ...func(*s3.GetObjectInput)) (string, error) {
	in := &s3.GetObjectInput{Bucket: bucket, Key: &key}
	for _, change := range more {
		change(in)
	}
	out, err := client.GetObject(ctx, in)
	if err != nil {
		return "", err
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	return string(data), err
}

func get(key string, more ...func(*s3.GetObjectInput)) string { return must(tryGet(key, more...)) }

func span(of string) func(*s3.GetObjectInput) { return func(in *s3.GetObjectInput) { in.Range = &of } }

func head(key string) *s3.HeadObjectOutput {
	return must(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: &key}))
}

func remove(key string) {
	must(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &key}))
}

func keys(in *s3.ListObjectsV2Input) (found []string) {
	in.Bucket = bucket
	for pages := s3.NewListObjectsV2Paginator(client, in); pages.HasMorePages(); {
		for _, object := range must(pages.NextPage(ctx)).Contents {
			found = append(found, *object.Key)
		}
	}
	return found
}

// ask sends a request of no SDK and gives the status and the body.
func ask(method, url string, header http.Header, body string) (int, string) {
	request := must(http.NewRequest(method, url, strings.NewReader(body)))
	for name, values := range header {
		if name != "Host" && name != "Content-Length" {
			request.Header[name] = values
		}
	}
	answer := must(client.Options().HTTPClient.Do(request))
	defer answer.Body.Close()
	return answer.StatusCode, string(must(io.ReadAll(answer.Body)))
}

func main() {
	client = s3.NewFromConfig(must(config.LoadDefaultConfig(ctx)), func(o *s3.Options) {
		o.BaseEndpoint = aws.String(os.Getenv("S3_ENDPOINT"))
		o.UsePathStyle = true
	})
	step("bucket", func() {
		must(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))
		must(client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: bucket}))
		all := must(client.ListBuckets(ctx, &s3.ListBucketsInput{})).Buckets
		expect(slices.ContainsFunc(all, func(b types.Bucket) bool { return *b.Name == *bucket }), true)
		place := must(client.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: bucket})).LocationConstraint
		expect(place, types.BucketLocationConstraint(""))
	})
	step("put", func() { expect(*put("small", "hello").ETag, fmt.Sprintf("\"%x\"", md5.Sum([]byte("hello")))) })
	step("get", func() {
		expect(get("small"), "hello")
		expectCode[string]("NoSuchKey")(tryGet("absent"))
	})
	step("range", func() {
		expect(get("small", span("bytes=1-2")), "el")
		expect(get("small", span("bytes=-2")), "lo")
		expectCode[string]("InvalidRange")(tryGet("small", span("bytes=5-")))
	})
	step("head", func() {
		expect(*head("small").ContentLength, int64(5))
		expectCode[*s3.HeadObjectOutput]("NotFound")(
			client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("absent")}))
	})
	step("list", list)
	step("list-1000", listMany)
	step("multipart", multipart)
	step("parts", parts)
	step("copy", func() {
		must(client.CopyObject(ctx,
			&s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copied"), CopySource: aws.String(*bucket + "/small")}))
		expect(get("copied"), "hello")
	})
	step("part-copy", partCopy)
	step("metadata", metadata)
	step("odd-keys", oddKeys)
	step("tagging", tagging)
	step("conditional", conditional)
	step("presigned", presigned)
	step("form", form)
	for _, algorithm := range []types.ChecksumAlgorithm{"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"} {
		step(strings.ToLower(string(algorithm)), func() { checksum(algorithm) })
	}
	if strings.HasPrefix(os.Getenv("S3_ENDPOINT"), "https:") {
		step("sse-c", customerKey)
	}
	step("policy", policy)
	step("delete", func() {
		remove("small")
		remove("small")
		expectCode[string]("NoSuchKey")(tryGet("small"))
	})
	step("delete-many", func() {
		var all []types.ObjectIdentifier
		for _, key := range keys(&s3.ListObjectsV2Input{}) {
			all = append(all, types.ObjectIdentifier{Key: &key})
		}
		drop(all)
		expect(len(keys(&s3.ListObjectsV2Input{})), 0)
	})
	step("versioning", versioning)
	step("drop-bucket", func() {
		must(client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket}))
		expectCode[*s3.HeadBucketOutput]("NotFound")(client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: bucket}))
	})
}

func list() {
	for _, key := range []string{"dir/a", "dir/b/c", "dir/b/d"} {
		put(key, "")
	}
	prefix := aws.String("dir/")
	page := must(client.ListObjectsV2(ctx,
		&s3.ListObjectsV2Input{Bucket: bucket, Prefix: prefix, Delimiter: aws.String("/")}))
	expect([]string{*page.Contents[0].Key, *page.CommonPrefixes[0].Prefix}, []string{"dir/a", "dir/b/"})
	after := &s3.ListObjectsV2Input{Prefix: prefix, StartAfter: aws.String("dir/a"), MaxKeys: aws.Int32(1)}
	expect(keys(after), []string{"dir/b/c", "dir/b/d"})
	first := must(client.ListObjects(ctx, &s3.ListObjectsInput{Bucket: bucket, Prefix: prefix}))
	expect(len(first.Contents), 3)
}

func listMany() {
	var many []string
	var writers sync.WaitGroup
	next := make(chan string)
	faults := make(chan any, 10)
	for range 10 {
		writers.Go(func() {
			defer func() { faults <- recover() }()
			for key := range next {
				put(key, "")
			}
		})
	}
	for i := range 1001 {
		many = append(many, fmt.Sprintf("many/%04d", i))
		next <- many[i]
	}
	close(next)
	writers.Wait()
	for range 10 {
		if fault := <-faults; fault != nil {
			panic(fault)
		}
	}
	expect(keys(&s3.ListObjectsV2Input{Prefix: aws.String("many/")}), many)
}

func multipart() {
	data := make([]byte, 20<<20+1)
	rand.Read(data)
	manager := transfermanager.New(client)
	// Without a way back to its beginning, so that the SDK cannot hash it first.
	must(manager.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: bucket, Key: aws.String("large"), Body: io.MultiReader(bytes.NewReader(data))}))
	back := must(manager.GetObject(ctx, &transfermanager.GetObjectInput{Bucket: bucket, Key: aws.String("large")}))
	expect(bytes.Equal(must(io.ReadAll(back.Body)), data), true)
	expect(strings.HasSuffix(*head("large").ETag, "-3\""), true)
}

func parts() {
	key := aws.String("parts")
	upload := must(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})).UploadId
	tag := must(client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: bucket, Key: key, UploadId: upload, PartNumber: aws.Int32(7), Body: strings.NewReader("part")})).ETag
	of := &s3.ListPartsInput{Bucket: bucket, Key: key, UploadId: upload}
	told := must(client.ListParts(ctx, of)).Parts
	expect([]any{len(told), *told[0].PartNumber, *told[0].ETag}, []any{1, int32(7), *tag})
	open := must(client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: bucket})).Uploads
	expect([]any{len(open), *open[0].UploadId}, []any{1, *upload})
	must(client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: upload}))
	expectCode[*s3.ListPartsOutput]("NoSuchUpload")(client.ListParts(ctx, of))
}

func partCopy() {
	key := aws.String("joined")
	upload := must(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})).UploadId
	var done []types.CompletedPart
	for i, from := range []string{"bytes=0-5242879", "bytes=5242880-5242881"} {
		number := aws.Int32(int32(i + 1))
		copied := must(client.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
			Bucket: bucket, Key: key, UploadId: upload, PartNumber: number,
			CopySource: aws.String(*bucket + "/large"), CopySourceRange: &from}))
		done = append(done, types.CompletedPart{PartNumber: number, ETag: copied.CopyPartResult.ETag})
	}
	must(client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: key, UploadId: upload, MultipartUpload: &types.CompletedMultipartUpload{Parts: done}}))
	expect(get("joined") == get("large", span("bytes=0-5242881")), true)
}

func metadata() {
	put("meta", "", func(in *s3.PutObjectInput) {
		in.ContentType, in.CacheControl = aws.String("text/x-y"), aws.String("no-cache")
		in.Metadata = map[string]string{"plain": "a b"}
	})
	told := head("meta")
	expect([]any{*told.ContentType, *told.CacheControl, told.Metadata},
		[]any{"text/x-y", "no-cache", map[string]string{"plain": "a b"}})
	must(client.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: bucket, Key: aws.String("meta"), CopySource: aws.String(*bucket + "/meta"),
		MetadataDirective: "REPLACE", Metadata: map[string]string{"new": "1"}}))
	expect(head("meta").Metadata, map[string]string{"new": "1"})
}

func oddKeys() {
	odd := []string{"odd/ü 日本 😀", "odd/a+b&c=d?e#f", "odd//double", "odd/%2F", "odd/a/../b", "odd/'\"<>\\", "odd/*~!()",
		"odd/."}
	for _, key := range odd {
		put(key, key)
		expect(get(key), key)
		put(key+"2", key)
		remove(key + "2")
	}
	slices.Sort(odd)
	expect(keys(&s3.ListObjectsV2Input{Prefix: aws.String("odd/")}), odd)
}

func tagging() {
	put("tagged", "", func(in *s3.PutObjectInput) { in.Tagging = aws.String("a=1&b=x%20y") })
	of := &s3.GetObjectTaggingInput{Bucket: bucket, Key: aws.String("tagged")}
	tags := must(client.GetObjectTagging(ctx, of)).TagSet
	expect([]string{*tags[0].Key, *tags[0].Value, *tags[1].Key, *tags[1].Value}, []string{"a", "1", "b", "x y"})
	must(client.PutObjectTagging(ctx,
		&s3.PutObjectTaggingInput{Bucket: bucket, Key: of.Key, Tagging: &types.Tagging{TagSet: tags[:1]}}))
	expect(len(must(client.GetObjectTagging(ctx, of)).TagSet), 1)
	must(client.DeleteObjectTagging(ctx, &s3.DeleteObjectTaggingInput{Bucket: bucket, Key: of.Key}))
	must(client.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &types.Tagging{TagSet: tags}}))
	expect(len(must(client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: bucket})).TagSet), 2)
}

func conditional() {
	once := func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") }
	tag := put("once", "1", once).ETag
	again := &s3.PutObjectInput{
		Bucket: bucket, Key: aws.String("once"), Body: strings.NewReader("2"), IfNoneMatch: aws.String("*")}
	expectCode[*s3.PutObjectOutput]("PreconditionFailed")(client.PutObject(ctx, again))
	put("once", "3", func(in *s3.PutObjectInput) { in.IfMatch = tag })
	expectCode[string]("PreconditionFailed")(tryGet("once", func(in *s3.GetObjectInput) { in.IfMatch = tag }))
	now := head("once").ETag
	expectCode[string]("NotModified")(tryGet("once", func(in *s3.GetObjectInput) { in.IfNoneMatch = now }))
}

func presigned() {
	signer, key := s3.NewPresignClient(client), aws.String("signed ü")
	to := must(signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key}))
	status, _ := ask(to.Method, to.URL, to.SignedHeader, "by url")
	expect(status, 200)
	from := must(signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key}))
	status, body := ask("GET", from.URL, nil, "")
	expect([]any{status, body}, []any{200, "by url"})
	status, _ = ask("GET", strings.Replace(from.URL, "signed", "other", 1), nil, "")
	expect(status, 403)
}

func form() {
	post := must(s3.NewPresignClient(client).PresignPostObject(ctx,
		&s3.PutObjectInput{Bucket: bucket, Key: aws.String("form")}))
	var body strings.Builder
	for name, value := range post.Values {
		fmt.Fprintf(&body, "--XX\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", name, value)
	}
	body.WriteString("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nfile\r\n--XX--\r\n")
	status, said := ask("POST", post.URL, http.Header{"Content-Type": {"multipart/form-data; boundary=XX"}}, body.String())
	expect([]any{status, said}, []any{204, ""})
	expect(get("form"), "file")
}

// sum is the member of an answer that holds the checksum of this algorithm.
func sum(of any, algorithm types.ChecksumAlgorithm) reflect.Value {
	return reflect.ValueOf(of).Elem().FieldByName("Checksum" + string(algorithm))
}

func checksum(algorithm types.ChecksumAlgorithm) {
	told := sum(put("sum", "sum", func(in *s3.PutObjectInput) { in.ChecksumAlgorithm = algorithm }), algorithm)
	key := aws.String("sum")
	answer := must(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, ChecksumMode: "ENABLED"}))
	must(io.ReadAll(answer.Body))
	expect(sum(answer, algorithm).Elem().String(), told.Elem().String())
	kept := must(client.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{
		Bucket: bucket, Key: key, ObjectAttributes: []types.ObjectAttributes{"Checksum"}}))
	expect(sum(kept.Checksum, algorithm).Elem().String(), told.Elem().String())
	wrong := base64.StdEncoding.EncodeToString(
		make([]byte, len(must(base64.StdEncoding.DecodeString(told.Elem().String())))))
	in := &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("sum")}
	sum(in, algorithm).Set(reflect.ValueOf(&wrong))
	expectCode[*s3.PutObjectOutput]("BadDigest")(client.PutObject(ctx, in))
}

func customerKey() {
	key := make([]byte, 32)
	rand.Read(key)
	digest := md5.Sum(key)
	kind := aws.String("AES256")
	text := aws.String(base64.StdEncoding.EncodeToString(key))
	mark := aws.String(base64.StdEncoding.EncodeToString(digest[:]))
	put("own", "secret", func(in *s3.PutObjectInput) {
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = kind, text, mark
	})
	expect(get("own", func(in *s3.GetObjectInput) {
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = kind, text, mark
	}), "secret")
	expectCode[string]("InvalidRequest")(tryGet("own"))
}

func policy() {
	text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",`+
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/small"}]}`, *bucket)
	url := os.Getenv("S3_ENDPOINT") + "/" + *bucket + "/small"
	status, _ := ask("GET", url, nil, "")
	expect(status, 403)
	must(client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: bucket, Policy: &text}))
	status, body := ask("GET", url, nil, "")
	expect([]any{status, body}, []any{200, "hello"})
	told := must(client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: bucket})).Policy
	expect(strings.Contains(*told, "s3:GetObject"), true)
	must(client.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: bucket}))
	status, _ = ask("GET", url, nil, "")
	expect(status, 403)
}

func drop(all []types.ObjectIdentifier) {
	for some := range slices.Chunk(all, 1000) {
		answer := must(client.DeleteObjects(ctx,
			&s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: some}}))
		expect(len(answer.Errors), 0)
	}
}

func versioning() {
	must(client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"}}))
	old := put("v", "1").VersionId
	put("v", "2")
	expect([]string{get("v"), get("v", func(in *s3.GetObjectInput) { in.VersionId = old })}, []string{"2", "1"})
	marker := must(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String("v")}))
	expect(*marker.DeleteMarker, true)
	expectCode[string]("NoSuchKey")(tryGet("v"))
	told := must(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket}))
	expect([]int{len(told.Versions), len(told.DeleteMarkers)}, []int{2, 1})
	var all []types.ObjectIdentifier
	for _, version := range told.Versions {
		all = append(all, types.ObjectIdentifier{Key: version.Key, VersionId: version.VersionId})
	}
	for _, version := range told.DeleteMarkers {
		all = append(all, types.ObjectIdentifier{Key: version.Key, VersionId: version.VersionId})
	}
	drop(all)
}
