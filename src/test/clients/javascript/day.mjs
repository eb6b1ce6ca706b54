// A day of the AWS SDK for JavaScript v3 with an S3 endpoint: prints one line for each operation and how it went.
import { createHash, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { Readable } from "node:stream";
import { paginateListObjectsV2, S3 } from "@aws-sdk/client-s3";
import * as commands from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const Bucket = process.env.S3_BUCKET;
const endpoint = process.env.S3_ENDPOINT;
const client = new S3({ endpoint, forcePathStyle: true });

async function step(name, work) {
  try {
    await work();
    console.log(`ok ${name}`);
  } catch (fault) {
    console.log(`${fault.name === "NotImplemented" ? "refused" : "failed"} ${name} ${String(fault).replaceAll("\n", " ")}`);
  }
}

function expect(got, wanted) {
  if (!isDeepStrictEqual(got, wanted)) throw new Error(`got ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

const put = (Key, Body = "", more = {}) => client.putObject({ Bucket, Key, Body, ...more });
const get = async (Key, more = {}) => (await client.getObject({ Bucket, Key, ...more })).Body.transformToString();
const head = (Key, more = {}) => client.headObject({ Bucket, Key, ...more });
/** The error's name, or its status where it has none; undefined where there was no error. */
const nameOf = (fault) => (fault.name === "Unknown" ? fault.$metadata.httpStatusCode : fault.name);
const code = (work) => work.then(() => undefined, nameOf);

async function keys(more = {}, pageSize = undefined) {
  const found = [];
  for await (const page of paginateListObjectsV2({ client, pageSize }, { Bucket, ...more })) {
    found.push(...(page.Contents ?? []).map(({ Key }) => Key));
  }
  return found;
}

async function drop(all) {
  for (let i = 0; i < all.length; i += 1000) {
    const answer = await client.deleteObjects({ Bucket, Delete: { Objects: all.slice(i, i + 1000) } });
    expect(answer.Errors, undefined);
  }
}

await step("bucket", async () => {
  await client.createBucket({ Bucket });
  await client.headBucket({ Bucket });
  expect((await client.listBuckets({})).Buckets.some(({ Name }) => Name === Bucket), true);
  expect((await client.getBucketLocation({ Bucket })).LocationConstraint, undefined);
});
await step("put", async () => {
  expect((await put("small", "hello")).ETag, `"${createHash("md5").update("hello").digest("hex")}"`);
});
await step("get", async () => {
  expect(await get("small"), "hello");
  expect(await code(get("absent")), "NoSuchKey");
});
await step("range", async () => {
  expect(await get("small", { Range: "bytes=1-2" }), "el");
  expect(await get("small", { Range: "bytes=-2" }), "lo");
  expect(await code(get("small", { Range: "bytes=5-" })), "InvalidRange");
});
await step("head", async () => {
  expect((await head("small")).ContentLength, 5);
  expect(await code(head("absent")), "NotFound");
});
await step("list", async () => {
  for (const key of ["dir/a", "dir/b/c", "dir/b/d"]) await put(key);
  const page = await client.listObjectsV2({ Bucket, Prefix: "dir/", Delimiter: "/" });
  expect(page.Contents.map(({ Key }) => Key), ["dir/a"]);
  expect(page.CommonPrefixes.map(({ Prefix }) => Prefix), ["dir/b/"]);
  expect(await keys({ Prefix: "dir/", StartAfter: "dir/a" }, 1), ["dir/b/c", "dir/b/d"]);
  expect((await client.listObjects({ Bucket, Prefix: "dir/" })).Contents.length, 3);
});
await step("list-1000", async () => {
  const many = Array.from({ length: 1001 }, (_, i) => `many/${String(i).padStart(4, "0")}`);
  const left = [...many];
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (left.length > 0) await put(left.pop());
  }));
  expect(await keys({ Prefix: "many/" }), many);
});
await step("multipart", async () => {
  const data = randomBytes((20 << 20) + 1);
  const Body = Readable.from([data.subarray(0, 100), data.subarray(100)]);
  await new Upload({ client, params: { Bucket, Key: "large", Body } }).done();
  const back = await client.getObject({ Bucket, Key: "large" });
  expect(Buffer.from(await back.Body.transformToByteArray()).equals(data), true);
  expect((await head("large", { PartNumber: 5 })).ContentLength, 1);
});
await step("parts", async () => {
  const { UploadId } = await client.createMultipartUpload({ Bucket, Key: "parts" });
  const of = { Bucket, Key: "parts", UploadId };
  const { ETag } = await client.uploadPart({ ...of, PartNumber: 7, Body: "part" });
  const told = (await client.listParts(of)).Parts;
  expect(told.map((part) => [part.PartNumber, part.ETag]), [[7, ETag]]);
  expect((await client.listMultipartUploads({ Bucket })).Uploads.map((upload) => upload.UploadId), [UploadId]);
  await client.abortMultipartUpload(of);
  expect(await code(client.listParts(of)), "NoSuchUpload");
});
await step("copy", async () => {
  await client.copyObject({ Bucket, Key: "copied", CopySource: `${Bucket}/small` });
  expect(await get("copied"), "hello");
});
await step("part-copy", async () => {
  const { UploadId } = await client.createMultipartUpload({ Bucket, Key: "joined" });
  const of = { Bucket, Key: "joined", UploadId };
  const Parts = [];
  for (const CopySourceRange of ["bytes=0-5242879", "bytes=5242880-5242881"]) {
    const PartNumber = Parts.length + 1;
    const copied = await client.uploadPartCopy({ ...of, PartNumber, CopySource: `${Bucket}/large`, CopySourceRange });
    Parts.push({ PartNumber, ...copied.CopyPartResult });
  }
  await client.completeMultipartUpload({ ...of, MultipartUpload: { Parts } });
  expect((await get("joined")) === (await get("large", { Range: "bytes=0-5242881" })), true);
});
await step("metadata", async () => {
  await put("meta", "", { ContentType: "text/x-y", CacheControl: "no-cache", Metadata: { plain: "a b" } });
  const told = await head("meta");
  expect([told.ContentType, told.CacheControl, told.Metadata], ["text/x-y", "no-cache", { plain: "a b" }]);
  const replaced = { MetadataDirective: "REPLACE", Metadata: { new: "1" } };
  await client.copyObject({ Bucket, Key: "meta", CopySource: `${Bucket}/meta`, ...replaced });
  expect((await head("meta")).Metadata, { new: "1" });
});
await step("odd-keys", async () => {
  const odd = ["odd/ü 日本 😀", "odd/a+b&c=d?e#f", "odd//double", "odd/%2F", "odd/a/../b", "odd/'\"<>\\", "odd/*~!()", "odd/."];
  for (const key of odd) {
    await put(key, key);
    expect(await get(key), key);
    const CopySource = `${Bucket}/${encodeURIComponent(key)}`;
    await client.copyObject({ Bucket, Key: key + "2", CopySource });
    await client.deleteObject({ Bucket, Key: key + "2" });
  }
  const order = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  expect(await keys({ Prefix: "odd/" }), odd.sort(order));
});
await step("tagging", async () => {
  await put("tagged", "", { Tagging: "a=1&b=x%20y" });
  const of = { Bucket, Key: "tagged" };
  const TagSet = [{ Key: "a", Value: "1" }, { Key: "b", Value: "x y" }];
  expect((await client.getObjectTagging(of)).TagSet, TagSet);
  await client.putObjectTagging({ ...of, Tagging: { TagSet: TagSet.slice(0, 1) } });
  expect((await client.getObjectTagging(of)).TagSet, TagSet.slice(0, 1));
  await client.deleteObjectTagging(of);
  await client.putBucketTagging({ Bucket, Tagging: { TagSet } });
  expect((await client.getBucketTagging({ Bucket })).TagSet, TagSet);
});
await step("conditional", async () => {
  const { ETag } = await put("once", "1", { IfNoneMatch: "*" });
  expect(await code(put("once", "2", { IfNoneMatch: "*" })), "PreconditionFailed");
  expect(await code(put("once", "2", { IfMatch: '"other"' })), "PreconditionFailed");
  await put("once", "3", { IfMatch: ETag });
  expect(await code(get("once", { IfMatch: ETag })), "PreconditionFailed");
  expect(await code(get("once", { IfNoneMatch: (await head("once")).ETag })), 304);
});
await step("presigned", async () => {
  const of = { Bucket, Key: "signed ü" };
  const to = await getSignedUrl(client, new commands.PutObjectCommand(of));
  expect((await fetch(to, { method: "PUT", body: "by url" })).status, 200);
  const from = await getSignedUrl(client, new commands.GetObjectCommand(of));
  expect(await (await fetch(from)).text(), "by url");
  expect((await fetch(from.replace("signed", "other"))).status, 403);
});
await step("form", async () => {
  const Conditions = [["content-length-range", 1, 10]];
  const { url, fields } = await createPresignedPost(client, { Bucket, Key: "form", Conditions });
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", new Blob(["file"]));
  expect((await fetch(url, { method: "POST", body })).status, 204);
  expect(await get("form"), "file");
});
for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]) {
  await step(ChecksumAlgorithm.toLowerCase(), async () => {
    const member = `Checksum${ChecksumAlgorithm}`;
    const of = { Bucket, Key: "sum" };
    const told = (await put("sum", "sum", { ChecksumAlgorithm }))[member];
    const answer = await client.getObject({ ...of, ChecksumMode: "ENABLED" });
    await answer.Body.transformToString();
    expect(answer[member], told);
    const kept = await client.getObjectAttributes({ ...of, ObjectAttributes: ["Checksum"] });
    expect(kept.Checksum[member], told);
    const wrong = Buffer.alloc(Buffer.from(told, "base64").length).toString("base64");
    expect(await code(put("sum", "sum", { [member]: wrong })), "BadDigest");
  });
}
if (endpoint.startsWith("https:")) {
  await step("sse-c", async () => {
    const key = { SSECustomerAlgorithm: "AES256", SSECustomerKey: randomBytes(32) };
    await put("own", "secret", key);
    expect(await get("own", key), "secret");
    expect(await code(get("own")), "InvalidRequest");
  });
}
await step("policy", async () => {
  const Resource = `arn:aws:s3:::${Bucket}/small`;
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource }];
  const policy = { Version: "2012-10-17", Statement };
  const url = `${endpoint}/${Bucket}/small`;
  expect((await fetch(url)).status, 403);
  await client.putBucketPolicy({ Bucket, Policy: JSON.stringify(policy) });
  expect(await (await fetch(url)).text(), "hello");
  expect(JSON.parse((await client.getBucketPolicy({ Bucket })).Policy), policy);
  await client.deleteBucketPolicy({ Bucket });
  expect((await fetch(url)).status, 403);
});
await step("delete", async () => {
  await client.deleteObject({ Bucket, Key: "small" });
  await client.deleteObject({ Bucket, Key: "small" });
  expect(await code(get("small")), "NoSuchKey");
});
await step("delete-many", async () => {
  await drop((await keys()).map((Key) => ({ Key })));
  expect(await keys(), []);
});
await step("versioning", async () => {
  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
  const { VersionId } = await put("v", "1");
  await put("v", "2");
  expect([await get("v"), await get("v", { VersionId })], ["2", "1"]);
  expect((await client.deleteObject({ Bucket, Key: "v" })).DeleteMarker, true);
  expect(await code(get("v")), "NoSuchKey");
  const { Versions, DeleteMarkers } = await client.listObjectVersions({ Bucket });
  expect([Versions.length, DeleteMarkers.length], [2, 1]);
  await drop([...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId })));
});
await step("drop-bucket", async () => {
  await client.deleteBucket({ Bucket });
  expect(await code(client.headBucket({ Bucket })), "NotFound");
});
