package allod.s3;

import allod.store.BucketName;
import allod.store.ConfigurationKind;
import allod.store.LifecycleRules;
import allod.store.ObjectStore;
import java.io.IOException;

/** The lifecycle rules of buckets. */
final class LifecycleEndpoints {
    /** From which size on objects would be moved to other storage; no rule here moves any. */
    static final String LEAST_MOVED = "x-amz-transition-default-minimum-object-size";

    static final String LEAST_MOVED_VALUE = "all_storage_classes_128K";

    private final ObjectStore store;
    private final Buffers buffers;

    LifecycleEndpoints(ObjectStore store, Buffers buffers) {
        this.store = store;
        this.buffers = buffers;
    }

    void get(S3Request request, BucketName bucket) throws IOException {
        byte[] document = store.configuration(request.caller(), bucket, ConfigurationKind.LIFECYCLE)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION,
                        "The lifecycle configuration does not exist. The bucket has no rules. Put some.",
                        new S3Refusal.Detail("BucketName", bucket.value())));
        Answers.xml(
                request.exchange(),
                Answers.headers(request).add(LEAST_MOVED, LEAST_MOVED_VALUE),
                LifecycleDocument.write(LifecycleRules.decode(document)));
    }

    void put(S3Request request, BucketName bucket) throws IOException {
        LifecycleRules rules = LifecycleDocument.parse(
                RequestContent.document(request, buffers, LifecycleDocument.MAX_DOCUMENT, true));
        store.putConfiguration(request.caller(), bucket, ConfigurationKind.LIFECYCLE, rules.encode());
        Answers.empty(request.exchange(), 200, Answers.headers(request).add(LEAST_MOVED, LEAST_MOVED_VALUE));
    }

    void delete(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.LIFECYCLE);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }
}
