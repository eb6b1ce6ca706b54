package allod.s3;

import allod.store.Bucket;
import allod.store.BucketName;
import allod.store.ObjectStore;
import allod.store.VersionId;
import allod.store.VersionPage;
import allod.store.Versioning;
import java.io.IOException;
import java.util.Optional;

/** A bucket's versioning, and the listing of all its versions. */
final class VersioningEndpoints {
    private static final byte[] NOTHING = new byte[0];

    private final ObjectStore store;
    private final S3Settings settings;
    private final Buffers buffers;

    VersioningEndpoints(ObjectStore store, S3Settings settings, Buffers buffers) {
        this.store = store;
        this.settings = settings;
        this.buffers = buffers;
    }

    void get(S3Request request, BucketName name) throws IOException {
        Bucket bucket = store.bucket(request.caller(), name, "bucket.versioning.get");
        XmlWriter xml = XmlWriter.document("VersioningConfiguration");
        switch (bucket.versioning()) {
            case UNVERSIONED -> {}
            case ENABLED -> xml.element("Status", "Enabled");
            case SUSPENDED -> xml.element("Status", "Suspended");
        }
        Answers.xml(request.exchange(), Answers.headers(request), xml);
    }

    void put(S3Request request, BucketName name) throws IOException {
        byte[] document = RequestContent.document(request, buffers, BucketEndpoints.MAX_DOCUMENT, false);
        store.setVersioning(request.caller(), name, versioning(document));
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    /** The versioning that a document asks for. */
    static Versioning versioning(byte[] document) {
        XmlElement configuration = XmlElement.parse(document, "VersioningConfiguration");
        for (XmlElement child : configuration.children()) {
            if (!child.name().equals("Status") && !child.name().equals("MfaDelete")) {
                throw XmlElement.malformed("A VersioningConfiguration has no " + child.name() + ".");
            }
        }
        String mfa = configuration.childText("MfaDelete").orElse("Disabled").strip();
        if (mfa.equals("Enabled")) {
            throw S3Refusal.unserved("MfaDelete");
        }
        String status = configuration
                .childText("Status")
                .orElseThrow(
                        () -> new S3Refusal(
                                S3Error.ILLEGAL_VERSIONING_CONFIGURATION,
                                "The Versioning element must be specified. The document has no Status. Say Enabled or Suspended."))
                .strip();
        return switch (mfa.equals("Disabled") ? status : "") {
            case "Enabled" -> Versioning.ENABLED;
            case "Suspended" -> Versioning.SUSPENDED;
            default -> throw XmlElement.malformed("Status is Enabled or Suspended, and MfaDelete Enabled or Disabled.");
        };
    }

    void list(S3Request request, BucketName bucket) throws IOException {
        byte[] prefix = ListEndpoints.bytes(request, "prefix").orElse(NOTHING);
        Optional<byte[]> delimiter = ListEndpoints.bytes(request, "delimiter");
        Optional<byte[]> keyMarker = ListEndpoints.bytes(request, "key-marker");
        Optional<String> versionMarker = request.parameter("version-id-marker");
        if (versionMarker.isPresent() && keyMarker.isEmpty()) {
            throw S3Refusal.argument(
                    "version-id-marker",
                    versionMarker.get(),
                    "A version-id marker cannot be specified without a key marker. A version belongs to a key. Send"
                            + " the NextKeyMarker of the page before as well.");
        }
        Optional<VersionId> version = versionMarker.map(text -> VersionParameter.parse("version-id-marker", text));
        int limit = Parameters.count(request, "max-keys", 0, Integer.MAX_VALUE, ObjectStore.MAX_PAGE);
        boolean encoded = Parameters.urlEncoding(request);
        VersionPage page = store.listVersions(
                request.caller(),
                bucket,
                new VersionPage.Request(
                        prefix, delimiter, keyMarker.map(key -> new VersionPage.Marker(key, version)), limit));
        XmlWriter xml = XmlWriter.document("ListVersionsResult").element("Name", bucket.value());
        ListEndpoints.name(xml, encoded, "Prefix", prefix);
        ListEndpoints.name(xml, encoded, "KeyMarker", keyMarker.orElse(NOTHING));
        xml.element("VersionIdMarker", versionMarker.orElse(""));
        page.next().ifPresent(next -> {
            ListEndpoints.name(xml, encoded, "NextKeyMarker", next.key());
            next.version().ifPresent(id -> xml.element("NextVersionIdMarker", id.text()));
        });
        xml.element("MaxKeys", limit);
        delimiter.ifPresent(given -> ListEndpoints.name(xml, encoded, "Delimiter", given));
        if (encoded) {
            xml.element("EncodingType", "url");
        }
        xml.element("IsTruncated", page.next().isPresent());
        page.items().forEach(item -> item(xml, request, item, encoded));
        page.items().forEach(item -> commonPrefix(xml, item, encoded));
        Answers.xml(request.exchange(), Answers.headers(request).add("x-amz-bucket-region", settings.region()), xml);
    }

    private static void item(XmlWriter xml, S3Request request, VersionPage.Item item, boolean encoded) {
        switch (item) {
            case VersionPage.Listed version -> {
                xml.open("Version");
                ListEndpoints.name(xml, encoded, "Key", version.key().utf8());
                xml.element("VersionId", version.version().text())
                        .element("IsLatest", version.latest())
                        .element("LastModified", HttpDates.document(version.lastModified()))
                        .element("ETag", "\"" + version.etag() + "\"")
                        .element("Size", version.size())
                        .element("StorageClass", "STANDARD");
                owner(xml, request);
                xml.close();
            }
            case VersionPage.DeleteMarker marker -> {
                xml.open("DeleteMarker");
                ListEndpoints.name(xml, encoded, "Key", marker.key().utf8());
                xml.element("VersionId", marker.version().text())
                        .element("IsLatest", marker.latest())
                        .element("LastModified", HttpDates.document(marker.lastModified()));
                owner(xml, request);
                xml.close();
            }
            case VersionPage.CommonPrefix prefix -> {}
        }
    }

    private static void owner(XmlWriter xml, S3Request request) {
        xml.open("Owner").element("ID", S3Request.canonicalId(request.owner())).close();
    }

    private static void commonPrefix(XmlWriter xml, VersionPage.Item item, boolean encoded) {
        if (item instanceof VersionPage.CommonPrefix prefix) {
            xml.open("CommonPrefixes");
            ListEndpoints.name(xml, encoded, "Prefix", prefix.bytes());
            xml.close();
        }
    }
}
