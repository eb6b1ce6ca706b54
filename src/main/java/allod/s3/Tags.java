package allod.s3;

import allod.http.Query;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tags of buckets and objects, as documents and as the header {@code x-amz-tagging}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html">Tags of S3, the limits</a>
 */
final class Tags {
    static final String HEADER = "x-amz-tagging";
    static final String COUNT = "x-amz-tagging-count";
    static final String DIRECTIVE = "x-amz-tagging-directive";
    static final int OF_OBJECT = 10;
    static final int OF_BUCKET = 50;

    /** In characters, as is {@link #MAX_VALUE}. */
    static final int MAX_KEY = 128;

    static final int MAX_VALUE = 256;

    private Tags() {}

    /**
     * Reads a Tagging document.
     *
     * @param most how many tags it may have
     * @throws S3Refusal MALFORMED_XML, INVALID_TAG, BAD_REQUEST
     */
    static Map<String, String> parse(byte[] document, int most) {
        XmlElement tagging = XmlElement.parse(document, "Tagging");
        if (tagging.children().size() != 1 || !tagging.children().get(0).name().equals("TagSet")) {
            throw XmlElement.malformed("A Tagging has one TagSet.");
        }
        var tags = new LinkedHashMap<String, String>();
        for (XmlElement tag : tagging.children().get(0).children()) {
            if (!tag.name().equals("Tag")) {
                throw XmlElement.malformed("A TagSet has no " + tag.name() + ".");
            }
            for (XmlElement child : tag.children()) {
                if (!child.name().equals("Key") && !child.name().equals("Value")) {
                    throw XmlElement.malformed("A Tag has no " + child.name() + ".");
                }
            }
            add(tags, tag.requiredText("Key"), tag.requiredText("Value"));
        }
        requireCount(tags, most);
        return tags;
    }

    /** The tags a new object is to have. */
    static Map<String, String> ofHeader(S3Request request) {
        return request.header(HEADER).map(Tags::ofHeader).orElse(Map.of());
    }

    static Map<String, String> ofHeader(String header) {
        Query query;
        try {
            query = Query.parse(HeaderText.read(header));
        } catch (IllegalArgumentException e) {
            throw badHeader(header);
        }
        var tags = new LinkedHashMap<String, String>();
        for (Query.Parameter parameter : query.parameters()) {
            if (tags.containsKey(parameter.name())) {
                throw badHeader(header);
            }
            add(tags, parameter.name(), parameter.value());
        }
        requireCount(tags, OF_OBJECT);
        return tags;
    }

    private static S3Refusal badHeader(String value) {
        return S3Refusal.argument(
                HEADER,
                value,
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag"
                        + " name duplicates. It is not. Send it so.");
    }

    private static void add(Map<String, String> tags, String key, String value) {
        if (key.isEmpty() || length(key) > MAX_KEY || !isText(key)) {
            throw invalid("The TagKey you have provided is invalid. It has 1 to " + MAX_KEY
                    + " letters, digits, spaces and + - = . _ : / @. Correct it.");
        }
        if (length(value) > MAX_VALUE || !isText(value)) {
            throw invalid("The TagValue you have provided is invalid. It has at most " + MAX_VALUE
                    + " letters, digits, spaces and + - = . _ : / @. Correct it.");
        }
        if (key.regionMatches(true, 0, "aws:", 0, 4)) {
            throw invalid("System tags cannot be added/updated by requester. Names that begin with aws: are not yours."
                    + " Choose another.");
        }
        if (tags.put(key, value) != null) {
            throw invalid("Cannot provide multiple Tags with the same key. There are two of one key. Leave one out.");
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isText(String text) {
        return text.codePoints()
                .allMatch(c -> Character.isLetterOrDigit(c) || Character.isSpaceChar(c) || "+-=._:/@".indexOf(c) >= 0);
    }

    private static void requireCount(Map<String, String> tags, int most) {
        if (tags.size() > most) {
            throw new S3Refusal(
                    S3Error.BAD_REQUEST,
                    (most == OF_OBJECT ? "Object" : "Bucket") + " tags cannot be greater than " + most + ". There are "
                            + tags.size() + ". Leave some out.");
        }
    }

    private static S3Refusal invalid(String message) {
        return new S3Refusal(S3Error.INVALID_TAG, message);
    }

    /** Whether a copy takes the tags of its source, and not those of the request. */
    static boolean copied(S3Request request) {
        String directive = request.header(DIRECTIVE).orElse("COPY");
        if (!directive.equals("COPY") && !directive.equals("REPLACE")) {
            throw S3Refusal.argument(
                    DIRECTIVE, directive, "Unknown tagging directive. There are COPY and REPLACE. Send one of them.");
        }
        return directive.equals("COPY");
    }

    static XmlWriter document(Map<String, String> tags) {
        XmlWriter xml = XmlWriter.document("Tagging").open("TagSet");
        tags.forEach((key, value) ->
                xml.open("Tag").element("Key", key).element("Value", value).close());
        return xml.close();
    }

    /** The header that says how many tags an object has; absent for none, as in S3. */
    static Optional<String> count(Map<String, String> tags) {
        return tags.isEmpty() ? Optional.empty() : Optional.of(Integer.toString(tags.size()));
    }
}
