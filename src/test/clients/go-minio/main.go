// A day of minio-go with an S3 endpoint: prints one line for each operation and how it went.
package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"
	"github.com/minio/minio-go/v7/pkg/tags"
)

var (
	ctx    = context.Background()
	bucket = os.Getenv("S3_BUCKET")
	client *minio.Client
	core   minio.Core
)

func code(err error) string { return minio.ToErrorResponse(err).Code }

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

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func expect(got, want any) {
	if !reflect.DeepEqual(got, want) {
		panic(fmt.Sprintf("got %v, not %v", got, want))
	}
}

func tryPut(key, content string, options minio.PutObjectOptions) (minio.UploadInfo, error) {
	return client.PutObject(ctx, bucket, key, strings.NewReader(content), int64(len(content)), options)
}

func put(key, content string) minio.UploadInfo { return must(tryPut(key, content, minio.PutObjectOptions{})) }

func tryGet(key string, options minio.GetObjectOptions) (string, error) {
	object, err := client.GetObject(ctx, bucket, key, options)
	if err != nil {
		return "", err
	}
	defer object.Close()
	data, err := io.ReadAll(object)
	return string(data), err
}

func get(key string) string { return must(tryGet(key, minio.GetObjectOptions{})) }

func getCode(key string, options minio.GetObjectOptions) string {
	_, err := tryGet(key, options)
	return code(err)
}

func getRange(key string, first, last int64) string {
	options := minio.GetObjectOptions{}
	check(options.SetRange(first, last))
	return must(tryGet(key, options))
}

func head(key string) minio.ObjectInfo { return must(client.StatObject(ctx, bucket, key, minio.StatObjectOptions{})) }

func keys(options minio.ListObjectsOptions) (found []string) {
	for object := range client.ListObjects(ctx, bucket, options) {
		check(object.Err)
		found = append(found, object.Key)
	}
	return found
}

// ask sends a request of no SDK and gives the status and the body.
func ask(method, to, kind, body string) (int, string) {
	request := must(http.NewRequest(method, to, strings.NewReader(body)))
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	answer := must(http.DefaultClient.Do(request))
	defer answer.Body.Close()
	return answer.StatusCode, string(must(io.ReadAll(answer.Body)))
}

func main() {
	endpoint := must(url.Parse(os.Getenv("S3_ENDPOINT")))
	client = must(minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewEnvAWS(),
		Secure: endpoint.Scheme == "https",
		// Checksums that ride behind the content; off unless asked for.
		TrailingHeaders: true,
	}))
	core = minio.Core{Client: client}
	step("bucket", func() {
		check(client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{}))
		expect(must(client.BucketExists(ctx, bucket)), true)
		all := must(client.ListBuckets(ctx))
		expect(slices.ContainsFunc(all, func(b minio.BucketInfo) bool { return b.Name == bucket }), true)
		expect(must(client.GetBucketLocation(ctx, bucket)), "us-east-1")
	})
	step("put", func() { expect(put("small", "hello").ETag, fmt.Sprintf("%x", md5.Sum([]byte("hello")))) })
	step("get", func() {
		expect(get("small"), "hello")
		expect(getCode("absent", minio.GetObjectOptions{}), "NoSuchKey")
	})
	step("range", func() {
		expect(getRange("small", 1, 2), "el")
		expect(getRange("small", 0, -2), "lo")
		options := minio.GetObjectOptions{}
		check(options.SetRange(5, 0))
		expect(getCode("small", options), "InvalidRange")
	})
	step("head", func() {
		expect(head("small").Size, int64(5))
		_, err := client.StatObject(ctx, bucket, "absent", minio.StatObjectOptions{})
		expect(code(err), "NoSuchKey")
	})
	step("list", list)
	step("list-1000", listMany)
	step("multipart", multipart)
	step("parts", parts)
	step("copy", func() {
		from := minio.CopySrcOptions{Bucket: bucket, Object: "small"}
		must(client.CopyObject(ctx, minio.CopyDestOptions{Bucket: bucket, Object: "copied"}, from))
		expect(get("copied"), "hello")
	})
	step("part-copy", func() {
		must(client.ComposeObject(ctx, minio.CopyDestOptions{Bucket: bucket, Object: "joined"},
			minio.CopySrcOptions{Bucket: bucket, Object: "large"}, minio.CopySrcOptions{Bucket: bucket, Object: "copied"}))
		expect(get("joined") == get("large")+"hello", true)
	})
	step("metadata", metadata)
	step("odd-keys", oddKeys)
	step("tagging", tagging)
	step("conditional", conditional)
	step("presigned", presigned)
	step("form", form)
	for _, kind := range []minio.ChecksumType{minio.ChecksumCRC32, minio.ChecksumCRC32C, minio.ChecksumCRC64NVME,
		minio.ChecksumSHA1, minio.ChecksumSHA256} {
		step(strings.ToLower(kind.String()), func() { checksum(kind) })
	}
	if client.EndpointURL().Scheme == "https" {
		step("sse-c", customerKey)
	}
	step("policy", policy)
	step("delete", func() {
		check(client.RemoveObject(ctx, bucket, "small", minio.RemoveObjectOptions{}))
		check(client.RemoveObject(ctx, bucket, "small", minio.RemoveObjectOptions{}))
		expect(getCode("small", minio.GetObjectOptions{}), "NoSuchKey")
	})
	step("delete-many", func() {
		drop(minio.ListObjectsOptions{Recursive: true})
		expect(len(keys(minio.ListObjectsOptions{Recursive: true})), 0)
	})
	step("versioning", func() {
		check(client.EnableVersioning(ctx, bucket))
		old := put("v", "1").VersionID
		put("v", "2")
		expect([]string{get("v"), must(tryGet("v", minio.GetObjectOptions{VersionID: old}))}, []string{"2", "1"})
		check(client.RemoveObject(ctx, bucket, "v", minio.RemoveObjectOptions{}))
		expect(getCode("v", minio.GetObjectOptions{}), "NoSuchKey")
		all := minio.ListObjectsOptions{Recursive: true, WithVersions: true}
		expect(keys(all), []string{"v", "v", "v"})
		drop(all)
	})
	step("drop-bucket", func() {
		check(client.RemoveBucket(ctx, bucket))
		expect(must(client.BucketExists(ctx, bucket)), false)
	})
}

func list() {
	for _, key := range []string{"dir/a", "dir/b/c", "dir/b/d"} {
		put(key, "")
	}
	expect(keys(minio.ListObjectsOptions{Prefix: "dir/"}), []string{"dir/a", "dir/b/"})
	after := minio.ListObjectsOptions{Prefix: "dir/", Recursive: true, StartAfter: "dir/a", MaxKeys: 1}
	expect(keys(after), []string{"dir/b/c", "dir/b/d"})
	expect(len(keys(minio.ListObjectsOptions{Prefix: "dir/", Recursive: true, UseV1: true})), 3)
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
	expect(keys(minio.ListObjectsOptions{Prefix: "many/"}), many)
}

func multipart() {
	data := make([]byte, 20<<20+1)
	rand.Read(data)
	must(client.PutObject(ctx, bucket, "large", bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{}))
	expect(get("large") == string(data), true)
	expect(strings.HasSuffix(head("large").ETag, "-2"), true)
	// A stream of a length that is not known before.
	stream := io.MultiReader(bytes.NewReader(data))
	must(client.PutObject(ctx, bucket, "streamed", stream, -1, minio.PutObjectOptions{PartSize: 5 << 20}))
	expect(get("streamed") == string(data), true)
}

func parts() {
	upload := must(core.NewMultipartUpload(ctx, bucket, "parts", minio.PutObjectOptions{}))
	tag := must(core.PutObjectPart(ctx, bucket, "parts", upload, 7, strings.NewReader("part"), 4,
		minio.PutObjectPartOptions{})).ETag
	told := must(core.ListObjectParts(ctx, bucket, "parts", upload, 0, 1000)).ObjectParts
	expect([]any{len(told), told[0].PartNumber, strings.Trim(told[0].ETag, "\"")}, []any{1, 7, tag})
	open := must(core.ListMultipartUploads(ctx, bucket, "", "", "", "", 1000)).Uploads
	expect([]any{len(open), open[0].UploadID}, []any{1, upload})
	check(core.AbortMultipartUpload(ctx, bucket, "parts", upload))
	_, err := core.ListObjectParts(ctx, bucket, "parts", upload, 0, 1000)
	expect(code(err), "NoSuchUpload")
}

func metadata() {
	must(tryPut("meta", "", minio.PutObjectOptions{ContentType: "text/x-y", CacheControl: "no-cache",
		UserMetadata: map[string]string{"Plain": "a b", "Odd": "ü 日本"}}))
	told := head("meta")
	expect([]string{told.ContentType, told.Metadata.Get("Cache-Control"), told.UserMetadata["Plain"],
		told.UserMetadata["Odd"]}, []string{"text/x-y", "no-cache", "a b", "ü 日本"})
	from := minio.CopySrcOptions{Bucket: bucket, Object: "meta"}
	must(client.CopyObject(ctx, minio.CopyDestOptions{Bucket: bucket, Object: "meta", ReplaceMetadata: true,
		UserMetadata: map[string]string{"New": "1"}}, from))
	expect(maps.Collect(maps.All(head("meta").UserMetadata)), map[string]string{"New": "1"})
}

func oddKeys() {
	// This client refuses keys with a part of one or two dots itself.
	odd := []string{"odd/ü 日本 😀", "odd/a+b&c=d?e#f", "odd//double", "odd/%2F", "odd/'\"<>\\", "odd/*~!()"}
	for _, key := range odd {
		put(key, key)
		expect(get(key), key)
		must(client.CopyObject(ctx, minio.CopyDestOptions{Bucket: bucket, Object: key + "2"},
			minio.CopySrcOptions{Bucket: bucket, Object: key}))
		check(client.RemoveObject(ctx, bucket, key+"2", minio.RemoveObjectOptions{}))
	}
	slices.Sort(odd)
	expect(keys(minio.ListObjectsOptions{Prefix: "odd/", Recursive: true}), odd)
}

func tagging() {
	both := map[string]string{"a": "1", "b": "x y"}
	must(tryPut("tagged", "", minio.PutObjectOptions{UserTags: both}))
	told := must(client.GetObjectTagging(ctx, bucket, "tagged", minio.GetObjectTaggingOptions{}))
	expect(told.ToMap(), both)
	one := must(tags.NewTags(map[string]string{"a": "1"}, true))
	check(client.PutObjectTagging(ctx, bucket, "tagged", one, minio.PutObjectTaggingOptions{}))
	told = must(client.GetObjectTagging(ctx, bucket, "tagged", minio.GetObjectTaggingOptions{}))
	expect(told.ToMap(), one.ToMap())
	check(client.RemoveObjectTagging(ctx, bucket, "tagged", minio.RemoveObjectTaggingOptions{}))
	check(client.SetBucketTagging(ctx, bucket, must(tags.NewTags(both, false))))
	expect(must(client.GetBucketTagging(ctx, bucket)).ToMap(), both)
}

func conditional() {
	once := minio.PutObjectOptions{}
	once.SetMatchETagExcept("*")
	tag := must(tryPut("once", "1", once)).ETag
	_, err := tryPut("once", "2", once)
	expect(code(err), "PreconditionFailed")
	same := minio.PutObjectOptions{}
	same.SetMatchETag(tag)
	must(tryPut("once", "3", same))
	matching := minio.GetObjectOptions{}
	check(matching.SetMatchETag(tag))
	expect(getCode("once", matching), "PreconditionFailed")
}

func presigned() {
	status, _ := ask("PUT", must(client.PresignedPutObject(ctx, bucket, "signed ü", time.Minute)).String(), "", "by url")
	expect(status, 200)
	from := must(client.PresignedGetObject(ctx, bucket, "signed ü", time.Minute, nil)).String()
	status, body := ask("GET", from, "", "")
	expect([]any{status, body}, []any{200, "by url"})
	status, _ = ask("GET", strings.Replace(from, "signed", "other", 1), "", "")
	expect(status, 403)
}

func form() {
	policy := minio.NewPostPolicy()
	check(policy.SetBucket(bucket))
	check(policy.SetKey("form"))
	check(policy.SetExpires(time.Now().Add(time.Minute)))
	check(policy.SetContentLengthRange(1, 10))
	to, values, err := client.PresignedPostPolicy(ctx, policy)
	check(err)
	var body strings.Builder
	for name, value := range values {
		fmt.Fprintf(&body, "--XX\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", name, value)
	}
	body.WriteString("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nfile\r\n--XX--\r\n")
	status, said := ask("POST", to.String(), "multipart/form-data; boundary=XX", body.String())
	expect([]any{status, said}, []any{204, ""})
	expect(get("form"), "file")
}

func checksum(kind minio.ChecksumType) {
	must(tryPut("sum", "sum", minio.PutObjectOptions{Checksum: kind}))
	told := must(client.GetObjectAttributes(ctx, bucket, "sum", minio.ObjectAttributesOptions{})).Checksum
	kept := map[minio.ChecksumType]string{minio.ChecksumCRC32: told.ChecksumCRC32, minio.ChecksumCRC32C: told.ChecksumCRC32C,
		minio.ChecksumCRC64NVME: told.ChecksumCRC64NVME, minio.ChecksumSHA1: told.ChecksumSHA1,
		minio.ChecksumSHA256: told.ChecksumSHA256}[kind]
	expect(kept, must(kind.ChecksumReader(strings.NewReader("sum"))).Encoded())
}

func customerKey() {
	key := make([]byte, 32)
	rand.Read(key)
	own := must(encrypt.NewSSEC(key))
	must(tryPut("own", "secret", minio.PutObjectOptions{ServerSideEncryption: own}))
	expect(must(tryGet("own", minio.GetObjectOptions{ServerSideEncryption: own})), "secret")
	expect(getCode("own", minio.GetObjectOptions{}), "InvalidRequest")
}

func policy() {
	text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",`+
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/small"}]}`, bucket)
	to := os.Getenv("S3_ENDPOINT") + "/" + bucket + "/small"
	status, _ := ask("GET", to, "", "")
	expect(status, 403)
	check(client.SetBucketPolicy(ctx, bucket, text))
	status, body := ask("GET", to, "", "")
	expect([]any{status, body}, []any{200, "hello"})
	expect(strings.Contains(must(client.GetBucketPolicy(ctx, bucket)), "s3:GetObject"), true)
	check(client.SetBucketPolicy(ctx, bucket, ""))
	status, _ = ask("GET", to, "", "")
	expect(status, 403)
}

func drop(which minio.ListObjectsOptions) {
	for refused := range client.RemoveObjects(ctx, bucket, client.ListObjects(ctx, bucket, which),
		minio.RemoveObjectsOptions{}) {
		panic(refused.Err)
	}
}
