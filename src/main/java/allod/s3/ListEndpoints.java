package allod.s3;

import allod.http.PercentEncoding;
import allod.store.BucketName;
import allod.store.ListPage;
import allod.store.ListRequest;
import allod.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Listings of objects, in both of S3's versions. */
final class ListEndpoints {
    /** What an item takes in the document, about. */
    private static final int BYTES_PER_ITEM = 320;

    private static final byte[] NOTHING = new byte[0];

    private final ObjectStore store;
    private final S3Settings settings;

    ListEndpoints(ObjectStore store, S3Settings settings) {
        this.store = store;
        this.settings = settings;
    }

    /** What both versions ask alike. */
    private record Asked(byte[] prefix, Optional<byte[]> delimiter, int limit, boolean encoded) {
        static Asked of(S3Request request) {
            if (request.parameter("allow-unordered").isPresent()) {
                throw S3Refusal.unserved("the parameter allow-unordered");
            }
            return new Asked(
                    bytes(request, "prefix").orElse(NOTHING),
                    bytes(request, "delimiter"),
                    Parameters.count(request, "max-keys", 0, Integer.MAX_VALUE, ObjectStore.MAX_PAGE),
                    Parameters.urlEncoding(request));
        }
    }

    void listObjects(S3Request request, BucketName bucket) throws IOException {
        Asked asked = Asked.of(request);
        Optional<byte[]> marker = bytes(request, "marker");
        ListPage page = page(request, bucket, asked, marker);
        XmlWriter xml = begin(bucket, asked, page);
        name(xml, asked, "Prefix", asked.prefix());
        name(xml, asked, "Marker", marker.orElse(NOTHING));
        xml.element("IsTruncated", page.next().isPresent());
        if (page.next().isPresent() && asked.delimiter().isPresent()) {
            name(xml, asked, "NextMarker", page.next().get());
        }
        items(xml, request, asked, page, true);
        Answers.xml(request.exchange(), headers(request), xml);
    }

    void listObjectsV2(S3Request request, BucketName bucket) throws IOException {
        Asked asked = Asked.of(request);
        Optional<String> token = request.query().first("continuation-token");
        Optional<byte[]> startAfter = bytes(request, "start-after");
        ListPage page = page(
                request,
                bucket,
                asked,
                token.filter(text -> !text.isEmpty()).map(ListToken::parse).or(() -> startAfter));
        XmlWriter xml = begin(bucket, asked, page);
        name(xml, asked, "Prefix", asked.prefix());
        xml.element("KeyCount", page.items().size());
        startAfter.ifPresent(given -> name(xml, asked, "StartAfter", given));
        token.ifPresent(given -> xml.element("ContinuationToken", given));
        xml.element("IsTruncated", page.next().isPresent());
        page.next().ifPresent(next -> xml.element("NextContinuationToken", ListToken.of(next)));
        boolean owner = request.parameter("fetch-owner").filter("true"::equals).isPresent();
        items(xml, request, asked, page, owner);
        Answers.xml(request.exchange(), headers(request), xml);
    }

    private ListPage page(S3Request request, BucketName bucket, Asked asked, Optional<byte[]> after)
            throws IOException {
        return store.list(
                request.caller(), bucket, new ListRequest(asked.prefix(), asked.delimiter(), after, asked.limit()));
    }

    private allod.http.Headers.Builder headers(S3Request request) {
        return Answers.headers(request).add("x-amz-bucket-region", settings.region());
    }

    private static XmlWriter begin(BucketName bucket, Asked asked, ListPage page) {
        XmlWriter xml = XmlWriter.document(
                        "ListBucketResult", 1024 + page.items().size() * BYTES_PER_ITEM)
                .element("Name", bucket.value());
        asked.delimiter().ifPresent(delimiter -> name(xml, asked, "Delimiter", delimiter));
        if (asked.encoded()) {
            xml.element("EncodingType", "url");
        }
        return xml.element("MaxKeys", asked.limit());
    }

    private static void items(XmlWriter xml, S3Request request, Asked asked, ListPage page, boolean withOwner) {
        for (ListPage.Item item : page.items()) {
            if (item instanceof ListPage.Listed listed) {
                xml.open("Contents");
                name(xml, asked, "Key", listed.key().utf8());
                xml.element("LastModified", HttpDates.document(listed.lastModified()))
                        .element("ETag", "\"" + listed.etag() + "\"")
                        .element("Size", listed.size());
                if (withOwner) {
                    xml.open("Owner")
                            .element("ID", S3Request.canonicalId(request.owner()))
                            .close();
                }
                xml.element("StorageClass", "STANDARD").close();
            }
        }
        for (ListPage.Item item : page.items()) {
            if (item instanceof ListPage.CommonPrefix prefix) {
                xml.open("CommonPrefixes");
                name(xml, asked, "Prefix", prefix.bytes());
                xml.close();
            }
        }
    }

    private static void name(XmlWriter xml, Asked asked, String element, byte[] utf8) {
        name(xml, asked.encoded(), element, utf8);
    }

    /** A name, percent-encoded where the client asked for it. */
    static void name(XmlWriter xml, boolean encoded, String element, byte[] utf8) {
        if (encoded) {
            xml.element(element, PercentEncoding.encodePath(utf8));
        } else {
            xml.element(element, utf8);
        }
    }

    static Optional<byte[]> bytes(S3Request request, String parameter) {
        return request.parameter(parameter).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
