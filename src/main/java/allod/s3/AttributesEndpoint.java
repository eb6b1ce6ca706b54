package allod.s3;

import allod.http.Headers;
import allod.store.BucketName;
import allod.store.Checksum;
import allod.store.ObjectInfo;
import allod.store.ObjectKey;
import allod.store.ObjectPart;
import allod.store.ObjectStore;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GetObjectAttributes: what is known of an object, in a document, without its content. */
final class AttributesEndpoint {
    /** The header that lists what is asked. */
    static final String ASKED = "x-amz-object-attributes";

    static final String MAX_PARTS = "x-amz-max-parts";
    static final String MARKER = "x-amz-part-number-marker";

    private final ObjectStore store;

    AttributesEndpoint(ObjectStore store) {
        this.store = store;
    }

    private enum Attribute {
        ETAG("ETag"),
        CHECKSUM("Checksum"),
        OBJECT_PARTS("ObjectParts"),
        STORAGE_CLASS("StorageClass"),
        OBJECT_SIZE("ObjectSize");

        private final String asked;

        Attribute(String asked) {
            this.asked = asked;
        }
    }

    void get(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        Set<Attribute> asked = asked(request);
        int limit = request.header(MAX_PARTS)
                .map(text -> Math.min(
                        ObjectStore.MAX_PAGE, Parameters.number(MAX_PARTS, text.strip(), 0, Integer.MAX_VALUE)))
                .orElse(ObjectStore.MAX_PAGE);
        int after = request.header(MARKER)
                .map(text -> Parameters.number(MARKER, text.strip(), 0, Integer.MAX_VALUE))
                .orElse(0);
        ReadAnswer answer = store.read(
                request.caller(),
                bucket,
                key,
                ReadRequest.of(ReadRequest.Kind.ATTRIBUTES, VersionParameter.of(request))
                        .withCustomerKey(Encryption.customerKey(request)));
        if (answer instanceof ReadAnswer.Marker marker) {
            throw DeleteMarkers.refusal(request, marker);
        }
        if (!(answer instanceof ReadAnswer.Described(var info, var first, var length, var parts))) {
            throw CopyEndpoint.unexpected(answer);
        }
        XmlWriter xml = XmlWriter.document("GetObjectAttributesResponse");
        if (asked.contains(Attribute.ETAG)) {
            xml.element("ETag", info.etag().toString());
        }
        if (asked.contains(Attribute.CHECKSUM)) {
            info.checksum().ifPresent(checksum -> checksum(xml, checksum));
        }
        if (asked.contains(Attribute.OBJECT_PARTS) && !parts.isEmpty()) {
            parts(xml, info, parts, after, limit);
        }
        if (asked.contains(Attribute.STORAGE_CLASS)) {
            xml.element("StorageClass", "STANDARD");
        }
        if (asked.contains(Attribute.OBJECT_SIZE)) {
            xml.element("ObjectSize", info.size());
        }
        Headers.Builder headers = Answers.headers(request).add("Last-Modified", HttpDates.header(info.lastModified()));
        Answers.addVersion(headers, info.version());
        Answers.xml(request.exchange(), headers, xml);
    }

    private static Set<Attribute> asked(S3Request request) {
        var asked = EnumSet.noneOf(Attribute.class);
        for (String value : request.headers().all(ASKED)) {
            for (String name : value.split(",", -1)) {
                if (!name.isBlank()) {
                    asked.add(attribute(name.strip()));
                }
            }
        }
        if (asked.isEmpty()) {
            throw S3Refusal.request("The " + ASKED + " header specifying the attributes to be retrieved is either"
                    + " missing or empty. Name at least one.");
        }
        return asked;
    }

    private static Attribute attribute(String name) {
        for (Attribute attribute : Attribute.values()) {
            if (attribute.asked.equals(name)) {
                return attribute;
            }
        }
        throw S3Refusal.argument(
                ASKED,
                name,
                "Invalid attribute name specified. There are ETag, Checksum, ObjectParts, StorageClass and ObjectSize."
                        + " Ask for these.");
    }

    private static void checksum(XmlWriter xml, Checksum checksum) {
        xml.open("Checksum")
                .element(ChecksumKind.of(checksum.algorithm()).element(), checksum.value())
                .element("ChecksumType", checksum.type().name())
                .close();
    }

    /** The count of parts, and the parts themselves where each has a checksum, as S3 lists them. */
    private static void parts(XmlWriter xml, ObjectInfo info, List<ObjectPart> parts, int after, int limit) {
        xml.open("ObjectParts").element("PartsCount", parts.size());
        Optional<ChecksumKind> kind = info.checksum().map(checksum -> ChecksumKind.of(checksum.algorithm()));
        if (kind.isPresent()) {
            List<ObjectPart> rest =
                    parts.stream().filter(part -> part.number() > after).toList();
            List<ObjectPart> page = rest.subList(0, Math.min(limit, rest.size()));
            xml.element("PartNumberMarker", after)
                    .element(
                            "NextPartNumberMarker",
                            page.isEmpty() ? 0 : page.getLast().number())
                    .element("MaxParts", limit)
                    .element("IsTruncated", page.size() < rest.size());
            for (ObjectPart part : page) {
                xml.open("Part").element("PartNumber", part.number()).element("Size", part.size());
                part.checksum().ifPresent(value -> xml.element(kind.get().element(), value));
                xml.close();
            }
        }
        xml.close();
    }
}
