package allod.s3;

import allod.store.Bucket;
import allod.store.BucketName;
import allod.store.BucketPage;
import allod.store.ConfigurationKind;
import allod.store.ObjectStore;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Buckets themselves. */
final class BucketEndpoints {
    /** The most bytes of a CreateBucketConfiguration. */
    static final int MAX_DOCUMENT = 1 << 20;

    /** The region whose location S3 leaves empty. */
    private static final String UNNAMED_REGION = "us-east-1";

    static final String OBJECT_LOCK = "x-amz-bucket-object-lock-enabled";
    private static final String REGION = "x-amz-bucket-region";

    private final ObjectStore store;
    private final S3Settings settings;
    private final Buffers buffers;

    BucketEndpoints(ObjectStore store, S3Settings settings, Buffers buffers) {
        this.store = store;
        this.settings = settings;
        this.buffers = buffers;
    }

    void list(S3Request request) throws IOException {
        int limit = Parameters.count(request, "max-buckets", 1, 10_000, ObjectStore.MAX_PAGE);
        String prefix = request.parameter("prefix").orElse("");
        Optional<String> token = request.query().first("continuation-token");
        Optional<String> after = token.map(ListToken::parseText);
        boolean elsewhere = request.parameter("bucket-region")
                .filter(region -> !region.equals(settings.region()))
                .isPresent();
        BucketPage page = store.listBuckets(request.caller(), prefix, after, limit);
        XmlWriter xml = XmlWriter.document("ListAllMyBucketsResult").open("Owner");
        xml.element("ID", S3Request.canonicalId(request.caller().tenant())).close();
        xml.open("Buckets");
        if (!elsewhere) {
            for (Bucket bucket : page.buckets()) {
                xml.open("Bucket")
                        .element("Name", bucket.name().value())
                        .element("CreationDate", HttpDates.document(bucket.created()))
                        .element("BucketRegion", settings.region())
                        .close();
            }
        }
        xml.close();
        page.next().ifPresent(next -> xml.element("ContinuationToken", ListToken.of(next)));
        request.parameter("prefix").ifPresent(given -> xml.element("Prefix", given));
        Answers.xml(request.exchange(), Answers.headers(request), xml);
    }

    static boolean asksForLock(S3Request request) {
        return request.header(OBJECT_LOCK).filter("true"::equalsIgnoreCase).isPresent();
    }

    void create(S3Request request, BucketName name) throws IOException {
        requireOurRegion(RequestContent.document(request, buffers, MAX_DOCUMENT, false));
        store.createBucket(
                request.caller(),
                name,
                asksForLock(request),
                Map.of(
                        ConfigurationKind.OWNERSHIP,
                        Ownership.BUCKET_OWNER_ENFORCED.document().toBytes()));
        Answers.empty(request.exchange(), 200, Answers.headers(request).add("Location", "/" + name));
    }

    /** The region that a document asks for a new bucket, empty if none. */
    static String region(byte[] document) {
        if (document.length == 0) {
            return "";
        }
        XmlElement configuration = XmlElement.parse(document, "CreateBucketConfiguration");
        for (XmlElement child : configuration.children()) {
            switch (child.name()) {
                case "LocationConstraint" -> {}
                case "Location", "Bucket", "Tags" -> throw S3Refusal.unserved(child.name() + " of a new bucket");
                default -> throw XmlElement.malformed("A CreateBucketConfiguration has no " + child.name() + ".");
            }
        }
        return configuration.childText("LocationConstraint").orElse("").strip();
    }

    private void requireOurRegion(byte[] document) {
        String location = region(document);
        if (!location.isEmpty() && !location.equals(settings.region())) {
            throw new S3Refusal(
                    S3Error.ILLEGAL_LOCATION_CONSTRAINT,
                    "The " + location
                            + " location constraint is incompatible for the region specific endpoint this request"
                            + " was sent to. This server has the one region " + settings.region()
                            + ". Set the client's region to it, or leave the constraint out.");
        }
    }

    void head(S3Request request, BucketName name) throws IOException {
        store.bucket(request.caller(), name, "bucket.head");
        Answers.empty(
                request.exchange(),
                200,
                Answers.headers(request)
                        .add(REGION, settings.region())
                        .add("x-amz-access-point-alias", "false")
                        .add("Content-Type", "application/xml"));
    }

    void location(S3Request request, BucketName name) throws IOException {
        store.bucket(request.caller(), name, "bucket.location");
        String location = settings.region().equals(UNNAMED_REGION) ? "" : settings.region();
        Answers.xml(
                request.exchange(),
                Answers.headers(request),
                XmlWriter.document("LocationConstraint").text(location));
    }

    void delete(S3Request request, BucketName name) throws IOException {
        store.deleteBucket(request.caller(), name);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }
}
