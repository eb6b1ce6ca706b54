package allod.s3;

import allod.http.Authentication;
import allod.http.Headers;
import allod.http.Query;
import java.util.Locale;

/**
 * Refuses by name what a request asks for beside its operation and this server does not do. Of the {@code x-amz-} headers
 * only those listed here pass, so that one which S3 adds tomorrow is refused until somebody has thought about it.
 */
final class UnservedTerms {
    private static final String PREFIX = "x-amz-";

    private UnservedTerms() {}

    /** @throws S3Refusal NOT_IMPLEMENTED, naming the header or parameter */
    static void refuse(Endpoint endpoint, S3Request request) {
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                    && !isServed(name.toLowerCase(Locale.ROOT), headers.value(i))
                    && !isServedThere(endpoint, name.toLowerCase(Locale.ROOT))) {
                throw S3Refusal.header(name.toLowerCase(Locale.ROOT));
            }
        }
        if (endpoint instanceof Endpoint.OnObject) {
            refuseParameters(endpoint, request.query());
        }
        boolean reads = endpoint instanceof Endpoint.GetObject || endpoint instanceof Endpoint.HeadObject;
        if (reads && request.authentication() instanceof Authentication.Anonymous && ObjectHeaders.overrides(request)) {
            // A link that anybody can make would turn a text into a page of the bucket's origin.
            throw S3Refusal.request(
                    "Request specific response headers cannot be used for anonymous GET requests. The"
                            + " parameter response-... changes what the object is said to be. Sign the request, or leave it out.");
        }
    }

    /** Headers that mean something to one operation alone. */
    private static boolean isServedThere(Endpoint endpoint, String name) {
        return switch (name) {
            // Elsewhere they would say of content that it is a copy, which policies decide by.
            case CopyEndpoint.SOURCE,
                    "x-amz-copy-source-if-match",
                    "x-amz-copy-source-if-none-match",
                    "x-amz-copy-source-if-modified-since",
                    "x-amz-copy-source-if-unmodified-since",
                    "x-amz-source-expected-bucket-owner" ->
                endpoint instanceof Endpoint.CopyObject || endpoint instanceof Endpoint.UploadPartCopy;
            case Conditions.COPY_RANGE -> endpoint instanceof Endpoint.UploadPartCopy;
            case AttributesEndpoint.ASKED, AttributesEndpoint.MAX_PARTS, AttributesEndpoint.MARKER ->
                endpoint instanceof Endpoint.GetObjectAttributes;
            case LockHeaders.MODE, LockHeaders.UNTIL, LockHeaders.HOLD ->
                endpoint instanceof Endpoint.PutObject
                        || endpoint instanceof Endpoint.CopyObject
                        || endpoint instanceof Endpoint.CreateMultipartUpload;
            case LockHeaders.BYPASS ->
                endpoint instanceof Endpoint.DeleteObject
                        || endpoint instanceof Endpoint.DeleteObjects
                        || endpoint instanceof Endpoint.PutObjectRetention;
            default -> isOfCustomerKey(endpoint, name);
        };
    }

    /** The customer's key stands with whatever seals or opens content. */
    private static boolean isOfCustomerKey(Endpoint endpoint, String name) {
        if (Encryption.isCustomers(Encryption.SOURCE_CUSTOMER, name)) {
            return endpoint instanceof Endpoint.CopyObject || endpoint instanceof Endpoint.UploadPartCopy;
        }
        return Encryption.isCustomers(Encryption.CUSTOMER, name)
                && switch (endpoint) {
                    case Endpoint.PutObject put -> true;
                    case Endpoint.GetObject get -> true;
                    case Endpoint.HeadObject head -> true;
                    case Endpoint.GetObjectAttributes attributes -> true;
                    case Endpoint.CopyObject copy -> true;
                    case Endpoint.CreateMultipartUpload create -> true;
                    case Endpoint.UploadPart part -> true;
                    case Endpoint.UploadPartCopy copy -> true;
                    // Needed as little as in S3; one that is sent must be the upload's.
                    case Endpoint.CompleteMultipartUpload complete -> true;
                    case Endpoint.ListParts list -> true;
                    default -> false;
                };
    }

    private static boolean isServed(String name, String value) {
        return switch (name) {
            case "x-amz-date",
                    "x-amz-content-sha256",
                    "x-amz-security-token",
                    "x-amz-user-agent",
                    "x-amz-decoded-content-length",
                    "x-amz-trailer",
                    "x-amz-sdk-checksum-algorithm",
                    "x-amz-checksum-algorithm",
                    "x-amz-checksum-type",
                    "x-amz-checksum-mode",
                    "x-amz-metadata-directive",
                    "x-amz-mp-object-size",
                    "x-amz-expected-bucket-owner" -> true;
            // The one version that S3's interface has had; the SDK for C++ names it in every request.
            case "x-amz-api-version" -> value.equals("2006-03-01");
            // An offer to take a digest after the content, which an answer may leave unused.
            case "x-amz-te" -> true;
            // Nobody is charged, so whoever agrees to pay agrees to what is so.
            case "x-amz-request-payer" -> value.equals("requester");
            case Tags.HEADER, Tags.DIRECTIVE -> true;
            case LifecycleEndpoints.LEAST_MOVED -> value.equals(LifecycleEndpoints.LEAST_MOVED_VALUE);
            case "x-amz-acl" -> value.equals("private");
            case "x-amz-storage-class" -> value.equals("STANDARD");
            case "x-amz-server-side-encryption" -> value.equals("AES256");
            case "x-amz-object-ownership" -> value.equals("BucketOwnerEnforced");
            case BucketEndpoints.OBJECT_LOCK -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
            case "x-amz-bucket-namespace" -> value.equals("global");
            // No object was archived, so there is nothing to tell.
            case "x-amz-optional-object-attributes" -> value.equals("RestoreStatus");
            default ->
                name.startsWith(ObjectHeaders.USER_PREFIX)
                        || ChecksumKind.ofHeader(name).isPresent();
        };
    }

    private static void refuseParameters(Endpoint endpoint, Query query) {
        if (query.has(VersionParameter.NAME) && !takesVersion(endpoint)) {
            throw S3Refusal.unserved("the parameter versionId");
        }
        boolean ofPart = endpoint instanceof Endpoint.UploadPart
                || endpoint instanceof Endpoint.UploadPartCopy
                || endpoint instanceof Endpoint.GetObject
                || endpoint instanceof Endpoint.HeadObject;
        if (query.has("partNumber") && !ofPart) {
            throw S3Refusal.unserved("the parameter partNumber");
        }
    }

    private static boolean takesVersion(Endpoint endpoint) {
        return endpoint instanceof Endpoint.GetObject
                || endpoint instanceof Endpoint.HeadObject
                || endpoint instanceof Endpoint.GetObjectAttributes
                || endpoint instanceof Endpoint.GetObjectTagging
                || endpoint instanceof Endpoint.PutObjectTagging
                || endpoint instanceof Endpoint.DeleteObjectTagging
                || endpoint instanceof Endpoint.GetObjectRetention
                || endpoint instanceof Endpoint.PutObjectRetention
                || endpoint instanceof Endpoint.GetObjectLegalHold
                || endpoint instanceof Endpoint.PutObjectLegalHold
                || endpoint instanceof Endpoint.DeleteObject;
    }
}
