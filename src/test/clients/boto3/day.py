"""A day of boto3 with an S3 endpoint: prints one line for each operation and how it went."""
import base64
import hashlib
import json
import os
import ssl
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

BUCKET = os.environ["S3_BUCKET"]
# Presigned addresses of version 4: for us-east-1 and an endpoint of one's own boto3 would sign them by version 2.
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(signature_version="s3v4"))
trust = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))


def step(name):
    """Runs what it decorates, at once, as the operation of this name."""

    def run(work):
        try:
            work()
            print(f"ok {name}", flush=True)
        except ClientError as fault:
            word = "refused" if fault.response["Error"]["Code"] == "NotImplemented" else "failed"
            print(f"{word} {name} {fault}".replace("\n", " "), flush=True)
        except Exception as fault:
            print(f"failed {name} {type(fault).__name__}: {fault}".replace("\n", " "), flush=True)

    return run


def put(key, body=b"", **more):
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)


def get(key, **more):
    return s3.get_object(Bucket=BUCKET, Key=key, **more)["Body"].read()


def head(key, **more):
    return s3.head_object(Bucket=BUCKET, Key=key, **more)


def keys(**more):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, **more)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def expect(got, wanted):
    assert got == wanted, f"got {got!r}, not {wanted!r}"


def code(work):
    """The error's code, or None where there was none."""
    try:
        work()
    except ClientError as fault:
        return fault.response["Error"]["Code"]


def http(url, data=None, method="GET", headers=()):
    request = urllib.request.Request(url, data=data, method=method, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, context=trust) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


@step("bucket")
def _():
    s3.create_bucket(Bucket=BUCKET)
    s3.head_bucket(Bucket=BUCKET)
    assert BUCKET in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    expect(s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"], None)


@step("put")
def _():
    expect(put("small", b"hello")["ETag"], '"' + hashlib.md5(b"hello").hexdigest() + '"')


@step("get")
def _():
    expect(get("small"), b"hello")
    expect(code(lambda: get("absent")), "NoSuchKey")


@step("range")
def _():
    expect(get("small", Range="bytes=1-2"), b"el")
    expect(get("small", Range="bytes=-2"), b"lo")
    expect(code(lambda: get("small", Range="bytes=5-")), "InvalidRange")


@step("head")
def _():
    expect(head("small")["ContentLength"], 5)
    expect(code(lambda: head("absent")), "404")


@step("list")
def _():
    for key in ("dir/a", "dir/b/c", "dir/b/d"):
        put(key)
    page = s3.list_objects_v2(Bucket=BUCKET, Prefix="dir/", Delimiter="/")
    expect([o["Key"] for o in page["Contents"]], ["dir/a"])
    expect([p["Prefix"] for p in page["CommonPrefixes"]], ["dir/b/"])
    expect(keys(Prefix="dir/", StartAfter="dir/a", PaginationConfig={"PageSize": 1}), ["dir/b/c", "dir/b/d"])
    expect(len(s3.list_objects(Bucket=BUCKET, Prefix="dir/")["Contents"]), 3)


@step("list-1000")
def _():
    many = [f"many/{i:04}" for i in range(1001)]
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(put, many))
    expect(keys(Prefix="many/"), many)


@step("multipart")
def _():
    data = os.urandom((20 << 20) + 1)
    with open("large", "wb") as file:
        file.write(data)
    s3.upload_file("large", BUCKET, "large")
    s3.download_file(BUCKET, "large", "back")
    with open("back", "rb") as file:
        assert file.read() == data, "another content came back"
    expect(head("large", PartNumber=3)["ContentLength"], (4 << 20) + 1)


@step("parts")
def _():
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    of = {"Bucket": BUCKET, "Key": "parts", "UploadId": upload}
    tag = s3.upload_part(PartNumber=7, Body=b"part", **of)["ETag"]
    expect([(p["PartNumber"], p["ETag"]) for p in s3.list_parts(**of)["Parts"]], [(7, tag)])
    expect([u["UploadId"] for u in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]], [upload])
    s3.abort_multipart_upload(**of)
    expect(code(lambda: s3.list_parts(**of)), "NoSuchUpload")


@step("copy")
def _():
    s3.copy_object(Bucket=BUCKET, Key="copied", CopySource={"Bucket": BUCKET, "Key": "small"})
    expect(get("copied"), b"hello")


@step("part-copy")
def _():
    of = {"Bucket": BUCKET, "Key": "joined"}
    of["UploadId"] = s3.create_multipart_upload(**of)["UploadId"]
    source = {"Bucket": BUCKET, "Key": "large"}
    parts = [
        s3.upload_part_copy(PartNumber=n, CopySource=source, CopySourceRange=span, **of)["CopyPartResult"]["ETag"]
        for n, span in ((1, "bytes=0-5242879"), (2, "bytes=5242880-5242881"))
    ]
    done = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(parts, 1)]
    s3.complete_multipart_upload(MultipartUpload={"Parts": done}, **of)
    expect(get("joined"), get("large", Range="bytes=0-5242881"))


@step("metadata")
def _():
    put("meta", b"", ContentType="text/x-y", CacheControl="no-cache", Metadata={"plain": "a b"})
    told = head("meta")
    expect((told["ContentType"], told["CacheControl"], told["Metadata"]), ("text/x-y", "no-cache", {"plain": "a b"}))
    s3.copy_object(Bucket=BUCKET, Key="meta", CopySource=f"{BUCKET}/meta", Metadata={"new": "1"},
                   MetadataDirective="REPLACE")
    expect(head("meta")["Metadata"], {"new": "1"})


@step("odd-keys")
def _():
    odd = ["odd/ü 日本 😀", "odd/a+b&c=d?e#f", "odd//double", "odd/%2F", "odd/a/../b", "odd/'\"<>\\", "odd/*~!()", "odd/."]
    for key in odd:
        put(key, key.encode())
        expect(get(key), key.encode())
        s3.copy_object(Bucket=BUCKET, Key=key + "2", CopySource={"Bucket": BUCKET, "Key": key})
        s3.delete_object(Bucket=BUCKET, Key=key + "2")
    expect(keys(Prefix="odd/"), sorted(odd, key=str.encode))


@step("tagging")
def _():
    put("tagged", b"", Tagging="a=1&b=x%20y")
    tags = s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"]
    expect(tags, [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "x y"}])
    s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": tags[:1]})
    expect(s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"], tags[:1])
    s3.delete_object_tagging(Bucket=BUCKET, Key="tagged")
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags})
    expect(s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"], tags)


@step("conditional")
def _():
    tag = put("once", b"1", IfNoneMatch="*")["ETag"]
    expect(code(lambda: put("once", b"2", IfNoneMatch="*")), "PreconditionFailed")
    expect(code(lambda: put("once", b"2", IfMatch='"other"')), "PreconditionFailed")
    put("once", b"3", IfMatch=tag)
    expect(code(lambda: get("once", IfMatch=tag)), "PreconditionFailed")
    expect(code(lambda: get("once", IfNoneMatch=head("once")["ETag"])), "304")


@step("presigned")
def _():
    name = {"Bucket": BUCKET, "Key": "signed ü"}
    expect(http(s3.generate_presigned_url("put_object", name), b"by url", "PUT")[0], 200)
    expect(http(s3.generate_presigned_url("get_object", name)), (200, b"by url"))
    expect(http(s3.generate_presigned_url("get_object", name).replace("signed", "other"))[0], 403)


@step("form")
def _():
    post = s3.generate_presigned_post(BUCKET, "form", Conditions=[["content-length-range", 1, 10]])
    fields = "".join(
        f'--XX\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in post["fields"].items())
    body = fields + '--XX\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nfile\r\n--XX--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=XX"}
    expect(http(post["url"], body.encode(), "POST", kind)[0], 204)
    expect(get("form"), b"file")


for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):

    @step(algorithm.lower())
    def _():
        member = "Checksum" + algorithm
        told = put("sum", b"sum", ChecksumAlgorithm=algorithm)[member]
        expect(s3.get_object(Bucket=BUCKET, Key="sum", ChecksumMode="ENABLED")[member], told)
        kept = s3.get_object_attributes(Bucket=BUCKET, Key="sum", ObjectAttributes=["Checksum"])["Checksum"][member]
        expect(kept, told)
        wrong = base64.b64encode(bytes(len(base64.b64decode(told)))).decode()
        expect(code(lambda: put("sum", b"sum", **{member: wrong})), "BadDigest")


@step("sse-c")
def _():
    key = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": os.urandom(32)}
    put("own", b"secret", **key)
    expect(get("own", **key), b"secret")
    expect(code(lambda: get("own")), "InvalidRequest")


@step("policy")
def _():
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/small"}]}
    url = f"{os.environ['S3_ENDPOINT']}/{BUCKET}/small"
    expect(http(url)[0], 403)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    expect(http(url), (200, b"hello"))
    expect(json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"]), policy)
    s3.delete_bucket_policy(Bucket=BUCKET)
    expect(http(url)[0], 403)


@step("delete")
def _():
    s3.delete_object(Bucket=BUCKET, Key="small")
    s3.delete_object(Bucket=BUCKET, Key="small")
    expect(code(lambda: get("small")), "NoSuchKey")


def drop(found):
    for i in range(0, len(found), 1000):
        answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": found[i:i + 1000]})
        assert not answer.get("Errors"), answer["Errors"]


@step("delete-many")
def _():
    drop([{"Key": key} for key in keys()])
    expect(keys(), [])


@step("versioning")
def _():
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    old = put("v", b"1")["VersionId"]
    put("v", b"2")
    expect((get("v"), get("v", VersionId=old)), (b"2", b"1"))
    assert s3.delete_object(Bucket=BUCKET, Key="v")["DeleteMarker"]
    expect(code(lambda: get("v")), "NoSuchKey")
    told = s3.list_object_versions(Bucket=BUCKET)
    expect((len(told["Versions"]), len(told["DeleteMarkers"])), (2, 1))
    drop([{"Key": v["Key"], "VersionId": v["VersionId"]} for v in told["Versions"] + told["DeleteMarkers"]])


@step("drop-bucket")
def _():
    s3.delete_bucket(Bucket=BUCKET)
    expect(code(lambda: s3.head_bucket(Bucket=BUCKET)), "404")
