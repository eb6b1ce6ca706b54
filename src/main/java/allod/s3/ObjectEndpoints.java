package allod.s3;

import allod.http.Headers;
import allod.http.ResponseBody;
import allod.store.BucketName;
import allod.store.Checksum;
import allod.store.ETag;
import allod.store.ObjectInfo;
import allod.store.ObjectKey;
import allod.store.ObjectMetadata;
import allod.store.ObjectStore;
import allod.store.ObjectWriter;
import allod.store.PutAnswer;
import allod.store.PutTerms;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import allod.store.WriteCondition;
import java.io.IOException;
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
        ObjectMetadata metadata = ObjectHeaders.metadata(request.headers());
        WriteCondition condition = Conditions.write(request);
        PutAnswer stored;
        try (ObjectWriter writer = store.write(request.caller(), bucket, key)) {
            ContentDigests.Done done = content.transferTo(writer, content.kind());
            stored = writer.commit(
                    new PutTerms(metadata, new ETag(done.md5(), 0), wholeChecksum(done), condition, Optional.empty()));
        }
        Headers.Builder headers = Answers.stored(request).add("ETag", "\"" + stored.etag() + "\"");
        Answers.empty(request.exchange(), 200, Answers.addChecksum(headers, stored.checksum()));
    }

    /** The checksum of content written at once. */
    static Optional<Checksum> wholeChecksum(ContentDigests.Done done) {
        return done.kind()
                .flatMap(kind ->
                        done.checksum().map(value -> new Checksum(kind.algorithm(), Checksum.Type.FULL_OBJECT, value)));
    }

    void get(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        answer(request, store.read(request.caller(), bucket, key, Conditions.read(request, ReadRequest.Kind.GET)));
    }

    void head(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        answer(request, store.read(request.caller(), bucket, key, Conditions.read(request, ReadRequest.Kind.HEAD)));
    }

    /** The tags of an object, of which there are none: clients that copy large objects ask before they do. */
    void tags(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        store.read(request.caller(), bucket, key, ReadRequest.of(ReadRequest.Kind.HEAD));
        Answers.xml(
                request.exchange(),
                Answers.headers(request),
                XmlWriter.document("Tagging").open("TagSet").close());
    }

    private static void answer(S3Request request, ReadAnswer answer) throws IOException {
        switch (answer) {
            case ReadAnswer.NotModified(var info) ->
                Answers.empty(request.exchange(), 304, ObjectHeaders.identify(info, request));
            case ReadAnswer.Unsatisfiable(var info) ->
                throw S3Refusal.range(request.header("Range").orElse(""), info.size());
            case ReadAnswer.Described(var info, var first, var length) ->
                begin(request, info, first, length).close();
            case ReadAnswer.Content content -> {
                try (content) {
                    ResponseBody body = begin(request, content.info(), content.first(), content.length());
                    content.transferTo(body::write);
                    body.close();
                }
            }
        }
    }

    private static ResponseBody begin(S3Request request, ObjectInfo info, long first, long length) throws IOException {
        Headers.Builder headers = ObjectHeaders.describe(info, request).add("Accept-Ranges", "bytes");
        boolean partial = isPartial(request);
        if (partial) {
            headers.add("Content-Range", "bytes " + first + "-" + (first + length - 1) + "/" + info.size());
        } else if (request.header("x-amz-checksum-mode")
                .filter("ENABLED"::equalsIgnoreCase)
                .isPresent()) {
            // A checksum speaks of the whole, so a part of it comes without.
            Answers.addChecksum(headers, info.checksum());
        }
        return request.exchange().respond(partial ? 206 : 200, headers.build(), length);
    }

    private static boolean isPartial(S3Request request) {
        return request.header("Range").flatMap(Conditions::range).isPresent()
                && request.header("If-Range").isEmpty();
    }
}
