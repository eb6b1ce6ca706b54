package allod.s3;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Headers;
import allod.store.BucketName;
import allod.store.ObjectInfo;
import allod.store.ObjectLock;
import allod.store.ObjectMetadata;
import allod.store.VersionId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An object's metadata in the headers of requests and answers. */
final class ObjectHeaders {
    static final String USER_PREFIX = "x-amz-meta-";

    /** The type of an object that came without one, as S3 names it. */
    private static final String NO_TYPE = "binary/octet-stream";

    /** The content headers that are kept, and the query parameter that overrides each in an answer. */
    private enum Content {
        CONTENT_TYPE("Content-Type", "response-content-type"),
        CACHE_CONTROL("Cache-Control", "response-cache-control"),
        CONTENT_DISPOSITION("Content-Disposition", "response-content-disposition"),
        CONTENT_ENCODING("Content-Encoding", "response-content-encoding"),
        CONTENT_LANGUAGE("Content-Language", "response-content-language"),
        EXPIRES("Expires", "response-expires");

        private final String header;
        private final String stored;
        private final String override;

        Content(String header, String override) {
            this.header = header;
            this.stored = header.toLowerCase(Locale.ROOT);
            this.override = override;
        }
    }

    private static final Content[] CONTENT = Content.values();

    private ObjectHeaders() {}

    /** @throws Problem METADATA_TOO_LARGE */
    static ObjectMetadata metadata(Headers headers) {
        Map<String, String> content = new HashMap<>();
        Map<String, String> user = new HashMap<>();
        int userBytes = 0;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.regionMatches(true, 0, USER_PREFIX, 0, USER_PREFIX.length())) {
                String key = name.substring(USER_PREFIX.length()).toLowerCase(Locale.ROOT);
                String value = HeaderText.read(headers.value(i));
                user.merge(key, value, (first, second) -> first + "," + second);
            } else {
                keepContent(content, name, headers.value(i));
            }
        }
        for (var entry : user.entrySet()) {
            userBytes += bytes(entry.getKey()) + bytes(entry.getValue());
        }
        if (userBytes > ObjectMetadata.MAX_USER_BYTES) {
            throw new Problem(
                    Reason.METADATA_TOO_LARGE,
                    "Your metadata headers exceed the maximum allowed metadata size.",
                    "Names and values have " + userBytes + " bytes, and may have " + ObjectMetadata.MAX_USER_BYTES
                            + ".",
                    "Send less metadata.");
        }
        return content.isEmpty() && user.isEmpty() ? ObjectMetadata.NONE : new ObjectMetadata(content, user);
    }

    private static int bytes(String text) {
        return HeaderText.isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void keepContent(Map<String, String> kept, String name, String value) {
        for (Content content : CONTENT) {
            if (content.header.equalsIgnoreCase(name) && !value.isEmpty()) {
                if (content == Content.CONTENT_ENCODING) {
                    ChunkedBody.encodingWithoutChunks(value).ifPresent(rest -> kept.put(content.stored, rest));
                } else {
                    kept.put(content.stored, value);
                }
            }
        }
    }

    /** All that an answer says of an object beside its length and range. */
    static Headers.Builder describe(ObjectInfo info, S3Request request, BucketName bucket) {
        Headers.Builder headers = identify(info, request, bucket);
        Map<String, String> kept = info.metadata().headers();
        for (Content content : CONTENT) {
            String value = kept.get(content.stored);
            if (content == Content.CONTENT_TYPE && value == null) {
                value = NO_TYPE;
            }
            if (!request.query().parameters().isEmpty()) {
                String override = request.query().first(content.override).orElse("");
                value = override.isEmpty() ? value : overriding(content, override);
            }
            if (value != null) {
                headers.add(content.header, value);
            }
        }
        info.metadata().user().forEach((name, value) -> headers.add(USER_PREFIX + name, HeaderText.encodedWord(value)));
        return headers;
    }

    /** Whether a request asks for other content headers than the object's. */
    static boolean overrides(S3Request request) {
        return Arrays.stream(CONTENT).anyMatch(content -> request.query().has(content.override));
    }

    private static String overriding(Content content, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) == 0x7f) {
                throw S3Refusal.argument(
                        content.override,
                        "",
                        "The value of " + content.override + " has a control character, which no header may hold. Leave"
                                + " it out.");
            }
        }
        return HeaderText.of(value);
    }

    /** What an answer without content still says of an object, as a 304 does. */
    static Headers.Builder identify(ObjectInfo info, S3Request request, BucketName bucket) {
        Headers.Builder headers = Answers.headers(request)
                .add("ETag", "\"" + info.etag() + "\"")
                .add("Last-Modified", HttpDates.header(info.lastModified()));
        Answers.addVersion(headers, info.version());
        Answers.addExpiration(headers, info.expiration());
        LockHeaders.describe(visible(info, request, bucket), headers);
        return Encryption.say(headers, request);
    }

    /** What locks a version, as far as the caller may ask for it by itself: who reads content need not know. */
    private static ObjectLock visible(ObjectInfo info, S3Request request, BucketName bucket) {
        ObjectLock lock = info.lock();
        if (lock.equals(ObjectLock.NONE)) {
            return lock;
        }
        Optional<VersionId> version = VersionParameter.of(request);
        boolean retention = request.may(Needed.ofVersion("s3:GetObjectRetention", bucket, info.key(), version));
        boolean hold = request.may(Needed.ofVersion("s3:GetObjectLegalHold", bucket, info.key(), version));
        return new ObjectLock(
                retention ? lock.retention() : Optional.empty(), hold ? lock.hold() : ObjectLock.Hold.UNSET);
    }
}
