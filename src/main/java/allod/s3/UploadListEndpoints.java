package allod.s3;

import allod.store.BucketName;
import allod.store.Checksum;
import allod.store.CustomerKey;
import allod.store.ObjectKey;
import allod.store.ObjectStore;
import allod.store.PartInfo;
import allod.store.PartPage;
import allod.store.UploadId;
import allod.store.UploadPage;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** Listings of uploads in progress and of their parts. */
final class UploadListEndpoints {
    private static final byte[] NOTHING = new byte[0];

    private final ObjectStore store;

    UploadListEndpoints(ObjectStore store) {
        this.store = store;
    }

    void listParts(S3Request request, BucketName bucket, ObjectKey key, String uploadId) throws IOException {
        UploadId id = MultipartEndpoints.upload(uploadId);
        Optional<CustomerKey> sent = Encryption.customerKey(request);
        if (sent.isPresent()) {
            store.requireUploadKey(request.caller(), bucket, key, id, sent.get());
        }
        int limit = Parameters.count(request, "max-parts", 0, Integer.MAX_VALUE, ObjectStore.MAX_PAGE);
        Optional<String> marker = request.parameter("part-number-marker");
        OptionalInt after = marker.isPresent()
                ? OptionalInt.of(Parameters.number("part-number-marker", marker.get(), 0, Integer.MAX_VALUE))
                : OptionalInt.empty();
        PartPage page = store.listParts(request.caller(), bucket, key, id, after, limit);
        XmlWriter xml = XmlWriter.document("ListPartsResult")
                .element("Bucket", bucket.value())
                .element("Key", key.utf8())
                .element("UploadId", id.toString());
        owner(xml, request, "Initiator");
        owner(xml, request, "Owner");
        xml.element("StorageClass", "STANDARD").element("PartNumberMarker", after.orElse(0));
        page.next().ifPresent(next -> xml.element("NextPartNumberMarker", next));
        xml.element("MaxParts", limit).element("IsTruncated", page.next().isPresent());
        plan(xml, page.plan());
        page.parts().forEach(part -> part(xml, part, page.plan()));
        Answers.xml(request.exchange(), Answers.headers(request), xml);
    }

    private static void part(XmlWriter xml, PartInfo part, Optional<Checksum.Plan> plan) {
        xml.open("Part")
                .element("PartNumber", part.number())
                .element("LastModified", HttpDates.document(part.lastModified()))
                .element("ETag", "\"" + part.etag() + "\"")
                .element("Size", part.size());
        plan.ifPresent(found -> part.checksum()
                .ifPresent(
                        value -> xml.element(ChecksumKind.of(found.algorithm()).element(), value)));
        xml.close();
    }

    private static void plan(XmlWriter xml, Optional<Checksum.Plan> plan) {
        plan.ifPresent(
                found -> xml.element("ChecksumAlgorithm", found.algorithm().name())
                        .element("ChecksumType", found.type().name()));
    }

    private static void owner(XmlWriter xml, S3Request request, String element) {
        xml.open(element).element("ID", S3Request.canonicalId(request.owner())).close();
    }

    void listUploads(S3Request request, BucketName bucket) throws IOException {
        byte[] prefix = ListEndpoints.bytes(request, "prefix").orElse(NOTHING);
        Optional<byte[]> delimiter = ListEndpoints.bytes(request, "delimiter");
        Optional<byte[]> keyMarker = ListEndpoints.bytes(request, "key-marker");
        // As in S3, an upload id without a key to stand within means nothing.
        Optional<String> idMarker = keyMarker.flatMap(key -> request.parameter("upload-id-marker"));
        int limit = Parameters.count(request, "max-uploads", 0, Integer.MAX_VALUE, ObjectStore.MAX_PAGE);
        boolean encoded = Parameters.urlEncoding(request);
        Optional<UploadPage.Marker> after =
                keyMarker.map(key -> new UploadPage.Marker(key, idMarker.map(UploadListEndpoints::marker)));
        UploadPage page =
                store.listUploads(request.caller(), bucket, new UploadPage.Request(prefix, delimiter, after, limit));
        XmlWriter xml = XmlWriter.document("ListMultipartUploadsResult").element("Bucket", bucket.value());
        ListEndpoints.name(xml, encoded, "KeyMarker", keyMarker.orElse(NOTHING));
        xml.element("UploadIdMarker", idMarker.orElse(""));
        page.next().ifPresent(next -> {
            ListEndpoints.name(xml, encoded, "NextKeyMarker", next.key());
            xml.element(
                    "NextUploadIdMarker", next.upload().map(UploadId::toString).orElse(""));
        });
        ListEndpoints.name(xml, encoded, "Prefix", prefix);
        delimiter.ifPresent(given -> ListEndpoints.name(xml, encoded, "Delimiter", given));
        if (encoded) {
            xml.element("EncodingType", "url");
        }
        xml.element("MaxUploads", limit).element("IsTruncated", page.next().isPresent());
        items(xml, request, page, encoded);
        Answers.xml(request.exchange(), Answers.headers(request), xml);
    }

    private static UploadId marker(String text) {
        return UploadId.parse(text)
                .orElseThrow(
                        () -> S3Refusal.argument(
                                "upload-id-marker",
                                text,
                                "Invalid uploadId marker. No upload has such an id. Use the NextUploadIdMarker of the page before."));
    }

    private static void items(XmlWriter xml, S3Request request, UploadPage page, boolean encoded) {
        for (UploadPage.Item item : page.items()) {
            if (item instanceof UploadPage.Listed listed) {
                xml.open("Upload");
                ListEndpoints.name(xml, encoded, "Key", listed.key().utf8());
                xml.element("UploadId", listed.id().toString());
                owner(xml, request, "Initiator");
                owner(xml, request, "Owner");
                xml.element("StorageClass", "STANDARD").element("Initiated", HttpDates.document(listed.started()));
                plan(xml, listed.plan());
                xml.close();
            }
        }
        for (UploadPage.Item item : page.items()) {
            if (item instanceof UploadPage.CommonPrefix prefix) {
                xml.open("CommonPrefixes");
                ListEndpoints.name(xml, encoded, "Prefix", prefix.bytes());
                xml.close();
            }
        }
    }
}
