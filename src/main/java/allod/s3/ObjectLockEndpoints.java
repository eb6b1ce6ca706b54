package allod.s3;

import allod.store.Bucket;
import allod.store.BucketLock;
import allod.store.BucketName;
import allod.store.ObjectKey;
import allod.store.ObjectLock;
import allod.store.ObjectStore;
import allod.store.Retention;
import allod.store.VersionId;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Object Lock: of buckets, and retention and legal holds of versions. */
final class ObjectLockEndpoints {
    private final ObjectStore store;
    private final Buffers buffers;
    private final InstantSource clock;

    ObjectLockEndpoints(ObjectStore store, Buffers buffers, InstantSource clock) {
        this.store = store;
        this.buffers = buffers;
        this.clock = clock;
    }

    private byte[] document(S3Request request) throws IOException {
        return RequestContent.document(request, buffers, BucketEndpoints.MAX_DOCUMENT, true);
    }

    private static void requireOnly(XmlElement element, List<String> names) {
        for (XmlElement child : element.children()) {
            if (!names.contains(child.name())) {
                throw XmlElement.malformed("A " + element.name() + " has no " + child.name() + ".");
            }
        }
    }

    void getConfiguration(S3Request request, BucketName name) throws IOException {
        Bucket bucket = store.bucket(request.caller(), name, "bucket.object_lock.get");
        BucketLock lock = bucket.lock()
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION_OF_BUCKET,
                        "Object Lock configuration does not exist for this bucket. It was never turned on. Turn it on, or"
                                + " do without."));
        XmlWriter xml = XmlWriter.document("ObjectLockConfiguration").element("ObjectLockEnabled", "Enabled");
        lock.standard()
                .ifPresent(standard -> xml.open("Rule")
                        .open("DefaultRetention")
                        .element("Mode", standard.mode().name())
                        .element(standard.unit() == BucketLock.Unit.DAYS ? "Days" : "Years", standard.length())
                        .close()
                        .close());
        Answers.xml(request.exchange(), Answers.headers(request), xml);
    }

    void putConfiguration(S3Request request, BucketName name) throws IOException {
        refuseToken(request);
        store.setObjectLock(request.caller(), name, configuration(document(request)));
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    private static void refuseToken(S3Request request) {
        if (request.header("x-amz-bucket-object-lock-token").isPresent()) {
            throw S3Refusal.header("x-amz-bucket-object-lock-token");
        }
    }

    /** The lock that a document asks for. */
    static BucketLock configuration(byte[] document) {
        XmlElement configuration = XmlElement.parse(document, "ObjectLockConfiguration");
        requireOnly(configuration, List.of("ObjectLockEnabled", "Rule"));
        if (!configuration.requiredText("ObjectLockEnabled").strip().equals("Enabled")) {
            throw XmlElement.malformed("ObjectLockEnabled is Enabled.");
        }
        Optional<XmlElement> rule = configuration.child("Rule");
        rule.ifPresent(it -> requireOnly(it, List.of("DefaultRetention")));
        return new BucketLock(rule.map(it -> it.child("DefaultRetention")
                .map(ObjectLockEndpoints::standard)
                .orElseThrow(() -> XmlElement.malformed("A Rule has a DefaultRetention."))));
    }

    private static BucketLock.Standard standard(XmlElement element) {
        requireOnly(element, List.of("Mode", "Days", "Years"));
        Retention.Mode mode = mode(element);
        Optional<String> days = element.childText("Days");
        Optional<String> years = element.childText("Years");
        if (days.isPresent() == years.isPresent()) {
            throw XmlElement.malformed("A DefaultRetention has either Days or Years.");
        }
        String text = days.or(() -> years).orElseThrow().strip();
        BucketLock.Unit unit = days.isPresent() ? BucketLock.Unit.DAYS : BucketLock.Unit.YEARS;
        int length;
        try {
            length = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw XmlElement.malformed("Days and Years are numbers.");
        }
        try {
            return new BucketLock.Standard(mode, length, unit);
        } catch (IllegalArgumentException e) {
            throw new S3Refusal(
                    length < 1 ? S3Error.INVALID_RETENTION_PERIOD : S3Error.INVALID_ARGUMENT,
                    "Default retention period must be a positive integer value. It has " + text
                            + ". Choose 1 to 36,500 days, or 1 to 100 years.");
        }
    }

    private static Retention.Mode mode(XmlElement element) {
        return LockHeaders.modeOf(element.requiredText("Mode").strip())
                .orElseThrow(() -> XmlElement.malformed("Mode is GOVERNANCE or COMPLIANCE."));
    }

    private static S3Refusal noLock() {
        return new S3Refusal(
                S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION,
                "The specified object does not have a ObjectLock configuration. Nothing of the kind was ever set on this"
                        + " version. Set it, or do without.");
    }

    void getRetention(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        ObjectLock lock =
                store.objectLock(request.caller(), bucket, key, VersionParameter.of(request), "object.retention.get");
        Retention retention = lock.retention().orElseThrow(ObjectLockEndpoints::noLock);
        Answers.xml(
                request.exchange(),
                Answers.headers(request),
                XmlWriter.document("Retention")
                        .element("Mode", retention.mode().name())
                        .element("RetainUntilDate", HttpDates.document(retention.until())));
    }

    /** What a document asks for, read before it is decided whether it may. */
    Optional<Retention> readRetention(S3Request request) throws IOException {
        Optional<Retention> retention = retention(document(request));
        retention.ifPresent(it -> LockHeaders.future(it.until(), clock));
        return retention;
    }

    void putRetention(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        Optional<VersionId> version = VersionParameter.of(request);
        boolean bypass = LockHeaders.bypassesGovernance(request, bucket, key, version);
        store.setRetention(
                request.caller(), bucket, key, version, request.lock().retention(), bypass);
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    /** The retention that a document asks for; empty where it asks to end the one that stands. */
    static Optional<Retention> retention(byte[] document) {
        XmlElement element = XmlElement.parse(document, "Retention");
        requireOnly(element, List.of("Mode", "RetainUntilDate"));
        if (element.children().isEmpty()) {
            return Optional.empty();
        }
        Retention.Mode mode = mode(element);
        return Optional.of(new Retention(
                mode,
                LockHeaders.parseDate(element.requiredText("RetainUntilDate"))
                        .orElseThrow(() -> XmlElement.malformed("RetainUntilDate is a time of ISO 8601."))));
    }

    void getHold(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        ObjectLock lock =
                store.objectLock(request.caller(), bucket, key, VersionParameter.of(request), "object.hold.get");
        if (lock.hold() == ObjectLock.Hold.UNSET) {
            throw noLock();
        }
        Answers.xml(
                request.exchange(),
                Answers.headers(request),
                XmlWriter.document("LegalHold").element("Status", lock.hold().name()));
    }

    /** The same of a legal hold. */
    ObjectLock.Hold readHold(S3Request request) throws IOException {
        return hold(document(request));
    }

    void putHold(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        store.setLegalHold(
                request.caller(),
                bucket,
                key,
                VersionParameter.of(request),
                request.lock().hold());
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    static ObjectLock.Hold hold(byte[] document) {
        XmlElement element = XmlElement.parse(document, "LegalHold");
        requireOnly(element, List.of("Status"));
        return switch (element.requiredText("Status").strip()) {
            case "ON" -> ObjectLock.Hold.ON;
            case "OFF" -> ObjectLock.Hold.OFF;
            default -> throw XmlElement.malformed("Status is ON or OFF.");
        };
    }
}
