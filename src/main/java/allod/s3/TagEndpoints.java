package allod.s3;

import allod.store.BucketName;
import allod.store.ConfigurationKind;
import allod.store.ObjectKey;
import allod.store.ObjectStore;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import allod.store.VersionId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tags of buckets and objects. An object's are sealed with its metadata; a bucket's stand in the clear, as its name does. */
final class TagEndpoints {
    private static final int MAX_DOCUMENT = 1 << 20;

    private final ObjectStore store;
    private final Buffers buffers;

    TagEndpoints(ObjectStore store, Buffers buffers) {
        this.store = store;
        this.buffers = buffers;
    }

    void ofBucket(S3Request request, BucketName bucket) throws IOException {
        byte[] document = store.configuration(request.caller(), bucket, ConfigurationKind.TAGGING)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_TAG_SET,
                        "The TagSet does not exist. The bucket has no tags. Put some.",
                        new S3Refusal.Detail("BucketName", bucket.value())));
        Answers.document(request, document);
    }

    void putOfBucket(S3Request request, BucketName bucket) throws IOException {
        byte[] document = RequestContent.document(request, buffers, MAX_DOCUMENT, false);
        Map<String, String> tags = Tags.parse(document, Tags.OF_BUCKET);
        store.putConfiguration(
                request.caller(),
                bucket,
                ConfigurationKind.TAGGING,
                Tags.document(tags).toBytes());
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }

    void deleteOfBucket(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.TAGGING);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }

    void ofObject(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        ReadAnswer found = store.read(
                request.caller(),
                bucket,
                key,
                ReadRequest.of(ReadRequest.Kind.TAGGING_GET, VersionParameter.of(request)));
        if (found instanceof ReadAnswer.Marker marker) {
            throw DeleteMarkers.refusal(request, marker);
        }
        if (!(found instanceof ReadAnswer.Described(var info, var first, var length, var parts))) {
            throw CopyEndpoint.unexpected(found);
        }
        Answers.xml(
                request.exchange(),
                Answers.addVersion(Answers.headers(request), info.version()),
                Tags.document(new TreeMap<>(info.metadata().tags())));
    }

    /** The tags in the document of a PutObjectTagging: policies may decide by them, so they are read first. */
    Map<String, String> read(S3Request request) throws IOException {
        return Tags.parse(RequestContent.document(request, buffers, MAX_DOCUMENT, false), Tags.OF_OBJECT);
    }

    void putOfObject(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        Optional<VersionId> version = store.describe(
                request.caller(),
                bucket,
                key,
                VersionParameter.of(request),
                "object.tagging.put",
                metadata -> metadata.withTags(request.tags()));
        Answers.empty(request.exchange(), 200, Answers.addVersion(Answers.headers(request), version));
    }

    void deleteOfObject(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        Optional<VersionId> version = store.describe(
                request.caller(),
                bucket,
                key,
                VersionParameter.of(request),
                "object.tagging.delete",
                metadata -> metadata.withTags(Map.of()));
        Answers.empty(request.exchange(), 204, Answers.addVersion(Answers.headers(request), version));
    }
}
