package allod.s3;

import allod.http.Headers;
import allod.http.PercentEncoding;
import allod.http.Query;
import allod.store.BucketName;
import allod.store.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link Endpoint} of a request from its method, path, host, subresource and, where S3 itself does so, a header.
 * A subresource under a method that S3 does not have for it is 405, so that {@code DELETE /bucket?acl} never deletes a
 * bucket.
 */
final class Router {
    private final List<String> suffixes;

    /** @param domains names under which {@code BUCKET.DOMAIN} means a bucket; of several that fit the longest counts */
    Router(List<String> domains) {
        this.suffixes = domains.stream()
                .map(domain -> "." + domain)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /**
     * @param rawPath as sent, beginning with a slash
     * @param host the Host header, with or without port
     * @throws S3Refusal METHOD_NOT_ALLOWED, INVALID_URI, INVALID_ARGUMENT for subresources that exclude each other
     * @throws allod.base.Problem INVALID_BUCKET_NAME, KEY_TOO_LONG, INVALID_ARGUMENT if the key is not UTF-8
     */
    Endpoint route(String method, String rawPath, Query query, Headers headers, String host) {
        @Nullable String virtual = bucketOfHost(host);
        String bucket;
        String rawKey;
        if (virtual != null) {
            bucket = virtual;
            rawKey = rawPath.substring(1);
        } else {
            int slash = rawPath.indexOf('/', 1);
            bucket = decode(slash < 0 ? rawPath.substring(1) : rawPath.substring(1, slash));
            rawKey = slash < 0 ? "" : rawPath.substring(slash + 1);
            if (bucket.isEmpty() && rawKey.isEmpty()) {
                return ofService(method, query);
            }
            if (bucket.equals("WriteGetObjectResponse") && method.equals("POST")) {
                return new Endpoint.NotServed(Unserved.WRITE_GET_OBJECT_RESPONSE);
            }
        }
        if (method.equals("OPTIONS")) {
            return new Endpoint.OptionsObject(new BucketName(bucket));
        }
        var name = new BucketName(bucket);
        return rawKey.isEmpty()
                ? ofBucket(method, name, query, headers)
                : ofObject(method, name, key(rawKey), query, headers);
    }

    private @Nullable String bucketOfHost(String host) {
        if (suffixes.isEmpty()) {
            return null;
        }
        int colon = host.lastIndexOf(':');
        String name = (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
        for (String suffix : suffixes) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return null;
    }

    private static String decode(String text) {
        try {
            return PercentEncoding.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw notAUri();
        }
    }

    private static ObjectKey key(String raw) {
        try {
            return ObjectKey.of(PercentEncoding.decode(raw));
        } catch (IllegalArgumentException e) {
            throw notAUri();
        }
    }

    private static S3Refusal notAUri() {
        return new S3Refusal(
                S3Error.INVALID_URI,
                "Couldn't parse the specified URI. A percent sign in it is not followed by two hexadecimal digits, or its"
                        + " bytes are not UTF-8. Percent-encode each byte of the name.");
    }

    private static Endpoint ofService(String method, Query query) {
        return switch (method) {
            case "GET" ->
                query.first("x-id").equals(Optional.of("ListDirectoryBuckets"))
                        ? new Endpoint.NotServed(Unserved.LIST_DIRECTORY_BUCKETS)
                        : new Endpoint.ListBuckets();
            case "POST" -> new Endpoint.NotServed(Unserved.ASSUME_ROLE);
            default -> throw notAllowed(method, "SERVICE");
        };
    }

    private static Endpoint ofBucket(String method, BucketName bucket, Query query, Headers headers) {
        @Nullable String sub = Subresources.ofBucket(query);
        if (sub != null) {
            @Nullable Unserved unserved = Subresources.unservedOfBucket(method, sub, query);
            if (unserved != null) {
                return new Endpoint.NotServed(unserved);
            }
            if (!Subresources.isServedOfBucket(method, sub)) {
                throw notAllowed(method, sub.toUpperCase(Locale.ROOT));
            }
            return ofBucketsSubresource(method, sub, bucket);
        }
        return switch (method) {
            case "GET" -> list(bucket, query);
            case "HEAD" -> new Endpoint.HeadBucket(bucket);
            case "PUT" -> new Endpoint.CreateBucket(bucket);
            case "DELETE" -> new Endpoint.DeleteBucket(bucket);
            case "POST" -> {
                if (headers.first("Content-Type").orElse("").startsWith("multipart/form-data")) {
                    yield new Endpoint.PostObject(bucket);
                }
                throw new S3Refusal(
                        S3Error.PRECONDITION_FAILED,
                        "At least one of the pre-conditions you specified did not hold. Bucket POST must be of the"
                                + " enclosure-type multipart/form-data. Send a form, or name a subresource.",
                        new S3Refusal.Detail(
                                "Condition", "Bucket POST must be of the enclosure-type multipart/form-data"));
            }
            default -> throw notAllowed(method, "BUCKET");
        };
    }

    /** One that is served, as {@link Subresources#isServedOfBucket} said. */
    private static Endpoint ofBucketsSubresource(String method, String sub, BucketName bucket) {
        return switch (method + " " + sub) {
            case "GET location" -> new Endpoint.GetBucketLocation(bucket);
            case "GET uploads" -> new Endpoint.ListMultipartUploads(bucket);
            case "POST delete" -> new Endpoint.DeleteObjects(bucket);
            case "GET object-lock" -> new Endpoint.GetObjectLockConfiguration(bucket);
            case "PUT object-lock" -> new Endpoint.PutObjectLockConfiguration(bucket);
            case "GET versioning" -> new Endpoint.GetBucketVersioning(bucket);
            case "PUT versioning" -> new Endpoint.PutBucketVersioning(bucket);
            case "GET versions" -> new Endpoint.ListObjectVersions(bucket);
            case "GET tagging" -> new Endpoint.GetBucketTagging(bucket);
            case "PUT tagging" -> new Endpoint.PutBucketTagging(bucket);
            case "DELETE tagging" -> new Endpoint.DeleteBucketTagging(bucket);
            case "GET encryption" -> new Endpoint.GetBucketEncryption(bucket);
            case "PUT encryption" -> new Endpoint.PutBucketEncryption(bucket);
            case "DELETE encryption" -> new Endpoint.DeleteBucketEncryption(bucket);
            case "GET cors" -> new Endpoint.GetBucketCors(bucket);
            case "PUT cors" -> new Endpoint.PutBucketCors(bucket);
            case "DELETE cors" -> new Endpoint.DeleteBucketCors(bucket);
            case "GET lifecycle" -> new Endpoint.GetBucketLifecycleConfiguration(bucket);
            case "PUT lifecycle" -> new Endpoint.PutBucketLifecycleConfiguration(bucket);
            case "DELETE lifecycle" -> new Endpoint.DeleteBucketLifecycle(bucket);
            case "GET policy" -> new Endpoint.GetBucketPolicy(bucket);
            case "PUT policy" -> new Endpoint.PutBucketPolicy(bucket);
            case "DELETE policy" -> new Endpoint.DeleteBucketPolicy(bucket);
            case "GET policyStatus" -> new Endpoint.GetBucketPolicyStatus(bucket);
            case "GET publicAccessBlock" -> new Endpoint.GetPublicAccessBlock(bucket);
            case "PUT publicAccessBlock" -> new Endpoint.PutPublicAccessBlock(bucket);
            case "DELETE publicAccessBlock" -> new Endpoint.DeletePublicAccessBlock(bucket);
            case "GET ownershipControls" -> new Endpoint.GetBucketOwnershipControls(bucket);
            case "PUT ownershipControls" -> new Endpoint.PutBucketOwnershipControls(bucket);
            case "DELETE ownershipControls" -> new Endpoint.DeleteBucketOwnershipControls(bucket);
            default -> throw new IllegalStateException("a served subresource has no endpoint: " + method + " " + sub);
        };
    }

    private static Endpoint list(BucketName bucket, Query query) {
        String type = query.first("list-type").orElse("1");
        return switch (type) {
            case "1" -> new Endpoint.ListObjects(bucket);
            case "2" -> new Endpoint.ListObjectsV2(bucket);
            default ->
                throw S3Refusal.argument(
                        "list-type",
                        type,
                        "Invalid List Type specified in Request. There are the types 1 and 2. Ask for one of them.");
        };
    }

    private static Endpoint ofObject(String method, BucketName bucket, ObjectKey key, Query query, Headers headers) {
        @Nullable String sub = Subresources.ofObject(query);
        if (sub != null) {
            @Nullable Unserved unserved = Subresources.unservedOfObject(method, sub, query);
            if (unserved != null) {
                return new Endpoint.NotServed(unserved);
            }
            if (!Subresources.isServedOfObject(method, sub)) {
                throw notAllowed(method, sub.toUpperCase(Locale.ROOT));
            }
            return switch (method + " " + sub) {
                case "GET attributes" -> new Endpoint.GetObjectAttributes(bucket, key);
                case "GET tagging" -> new Endpoint.GetObjectTagging(bucket, key);
                case "PUT tagging" -> new Endpoint.PutObjectTagging(bucket, key);
                case "DELETE tagging" -> new Endpoint.DeleteObjectTagging(bucket, key);
                case "GET legal-hold" -> new Endpoint.GetObjectLegalHold(bucket, key);
                case "PUT legal-hold" -> new Endpoint.PutObjectLegalHold(bucket, key);
                case "GET retention" -> new Endpoint.GetObjectRetention(bucket, key);
                case "PUT retention" -> new Endpoint.PutObjectRetention(bucket, key);
                case "POST uploads" -> new Endpoint.CreateMultipartUpload(bucket, key);
                default -> ofUpload(method, bucket, key, query, headers);
            };
        }
        return switch (method) {
            case "GET" -> new Endpoint.GetObject(bucket, key);
            case "HEAD" -> new Endpoint.HeadObject(bucket, key);
            case "PUT" -> {
                if (query.has("partNumber")) {
                    yield ofUpload(method, bucket, key, query, headers);
                }
                yield headers.contains(CopyEndpoint.SOURCE)
                        ? new Endpoint.CopyObject(bucket, key)
                        : new Endpoint.PutObject(bucket, key);
            }
            case "DELETE" -> new Endpoint.DeleteObject(bucket, key);
            default -> throw notAllowed(method, "OBJECT");
        };
    }

    private static Endpoint ofUpload(String method, BucketName bucket, ObjectKey key, Query query, Headers headers) {
        String upload = query.first("uploadId").orElse("");
        return switch (method) {
            case "GET" -> new Endpoint.ListParts(bucket, key, upload);
            case "POST" -> new Endpoint.CompleteMultipartUpload(bucket, key, upload);
            case "DELETE" -> new Endpoint.AbortMultipartUpload(bucket, key, upload);
            default -> {
                String part = query.first("partNumber").orElse("");
                yield headers.contains(CopyEndpoint.SOURCE)
                        ? new Endpoint.UploadPartCopy(bucket, key, upload, part)
                        : new Endpoint.UploadPart(bucket, key, upload, part);
            }
        };
    }

    private static S3Refusal notAllowed(String method, String resource) {
        return new S3Refusal(
                S3Error.METHOD_NOT_ALLOWED,
                "The specified method is not allowed against this resource. S3 has no " + method + " of " + resource
                        + ". See the S3 API reference for the methods there are.",
                new S3Refusal.Detail("Method", method),
                new S3Refusal.Detail("ResourceType", resource));
    }
}
