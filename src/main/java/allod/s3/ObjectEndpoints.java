package allod.s3;

import allod.http.Headers;
import allod.http.ResponseBody;
import allod.store.BucketName;
import allod.store.Checksum;
import allod.store.ETag;
import allod.store.ObjectInfo;
import allod.store.ObjectKey;
import allod.store.ObjectLock;
import allod.store.ObjectMetadata;
import allod.store.ObjectPart;
import allod.store.ObjectStore;
import allod.store.ObjectWriter;
import allod.store.PutAnswer;
import allod.store.PutTerms;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import allod.store.VersionId;
import allod.store.WriteCondition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects: put, get and head. */
final class ObjectEndpoints {
    private final ObjectStore store;
    private final S3Settings settings;
    private final Buffers buffers;

    ObjectEndpoints(ObjectStore store, S3Settings settings, Buffers buffers) {
        this.store = store;
        this.settings = settings;
        this.buffers = buffers;
    }

    void put(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        RequestContent content = RequestContent.ofObject(request, buffers, settings.maxPutBytes());
        ObjectLock lock = request.lock();
        if (!lock.equals(ObjectLock.NONE)) {
            content.requireDigest();
        }
        ObjectMetadata metadata = ObjectHeaders.metadata(request.headers()).withTags(request.tags());
        WriteCondition condition = Conditions.write(request);
        PutAnswer stored;
        try (ObjectWriter writer = store.write(request.caller(), bucket, key, Encryption.customerKey(request))) {
            ContentDigests.Done done = content.transferTo(writer, content.kind());
            stored = writer.commit(new PutTerms(
                    metadata, new ETag(done.md5(), 0), wholeChecksum(done), condition, Optional.empty(), lock));
        }
        Headers.Builder headers = Answers.stored(request).add("ETag", "\"" + stored.etag() + "\"");
        Answers.addVersion(headers, stored.version());
        Answers.addExpiration(headers, stored.expiration());
        Answers.empty(request.exchange(), 200, Answers.addChecksum(headers, stored.checksum()));
    }

    /** The checksum of content written at once. */
    static Optional<Checksum> wholeChecksum(ContentDigests.Done done) {
        return done.kind()
                .flatMap(kind ->
                        done.checksum().map(value -> new Checksum(kind.algorithm(), Checksum.Type.FULL_OBJECT, value)));
    }

    void get(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        answer(
                request,
                bucket,
                store.read(request.caller(), bucket, key, Conditions.read(request, ReadRequest.Kind.GET)));
    }

    void head(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        answer(
                request,
                bucket,
                store.read(request.caller(), bucket, key, Conditions.read(request, ReadRequest.Kind.HEAD)));
    }

    private static void answer(S3Request request, BucketName bucket, ReadAnswer answer) throws IOException {
        switch (answer) {
            case ReadAnswer.Marker marker -> throw DeleteMarkers.refusal(request, marker);
            case ReadAnswer.NotModified(var info) ->
                Answers.empty(request.exchange(), 304, ObjectHeaders.identify(info, request, bucket));
            case ReadAnswer.Unsatisfiable(var info) -> throw unsatisfiable(request, info);
            case ReadAnswer.Described(var info, var first, var length, var parts) ->
                begin(request, bucket, info, first, length, parts).close();
            case ReadAnswer.Content content -> {
                try (content) {
                    ResponseBody body =
                            begin(request, bucket, content.info(), content.first(), content.length(), content.parts());
                    content.transferTo(body::write);
                    body.close();
                }
            }
        }
    }

    private static S3Refusal unsatisfiable(S3Request request, ObjectInfo info) {
        return Conditions.part(request)
                .map(part -> S3Refusal.part(part.number(), Math.max(1, info.parts())))
                .orElseGet(() -> S3Refusal.range(request.header("Range").orElse(""), info.size()));
    }

    /** @param parts the one part that was asked for, if one was */
    private static ResponseBody begin(
            S3Request request, BucketName bucket, ObjectInfo info, long first, long length, List<ObjectPart> parts)
            throws IOException {
        Headers.Builder headers = ObjectHeaders.describe(info, request, bucket).add("Accept-Ranges", "bytes");
        countTags(request, bucket, info, headers);
        boolean ofPart = Conditions.part(request).isPresent();
        boolean partial = length > 0 && (ofPart || isPartial(request));
        if (ofPart && info.parts() > 0) {
            headers.add("x-amz-mp-parts-count", Integer.toString(info.parts()));
        }
        if (partial) {
            headers.add("Content-Range", "bytes " + first + "-" + (first + length - 1) + "/" + info.size());
        }
        if (request.header("x-amz-checksum-mode")
                .filter("ENABLED"::equalsIgnoreCase)
                .isPresent()) {
            // A checksum speaks of a whole, so a range of bytes comes without.
            Optional<Checksum> whole = partial ? Optional.empty() : info.checksum();
            Answers.addChecksum(headers, ofPart ? ofPart(info, parts) : whole);
        }
        return request.exchange().respond(partial ? 206 : 200, headers.build(), length);
    }

    /** The checksum of the one part that was asked for; of an object written at once, that is the whole. */
    private static Optional<Checksum> ofPart(ObjectInfo info, List<ObjectPart> parts) {
        if (info.parts() == 0) {
            return info.checksum();
        }
        return info.checksum()
                .flatMap(whole -> parts.stream()
                        .findFirst()
                        .flatMap(ObjectPart::checksum)
                        .map(value -> new Checksum(whole.algorithm(), whole.type(), value)));
    }

    /** How many tags there are is told to who may read them. */
    private static void countTags(S3Request request, BucketName bucket, ObjectInfo info, Headers.Builder headers) {
        Map<String, String> tags = info.metadata().tags();
        Optional<VersionId> version = VersionParameter.of(request);
        String action = Permissions.ofVersion(version, "s3:GetObjectTagging");
        boolean told = !tags.isEmpty() && request.may(Needed.ofExisting(action, bucket, info.key(), version));
        if (told) {
            headers.add(Tags.COUNT, Integer.toString(tags.size()));
        }
    }

    private static boolean isPartial(S3Request request) {
        return request.header("Range").flatMap(Conditions::range).isPresent()
                && request.header("If-Range").isEmpty();
    }
}
