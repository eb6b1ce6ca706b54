package allod.s3;

import allod.store.ETag;
import allod.store.ObjectStore;
import allod.store.ReadRequest;
import allod.store.ReadRequest.ByteRange;
import allod.store.VersionId;
import allod.store.WriteCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions and ranges of requests, from headers to what the store checks. */
final class Conditions {
    /** Stands for a tag that S3 never gave: no content has this MD5 and that many parts. */
    private static final ETag OF_NO_OBJECT = new ETag(new byte[16], ObjectStore.MAX_PARTS);

    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";

    /** The header that cuts the source of a part's copy. */
    static final String COPY_RANGE = "x-amz-copy-source-range";

    private Conditions() {}

    /** What a GET or HEAD asks. */
    static ReadRequest read(S3Request request, ReadRequest.Kind kind) {
        // A range that depends on a tag may be answered with the whole, which is right whether or not the tag holds.
        Optional<ByteRange> range = request.header("If-Range").isPresent()
                ? Optional.empty()
                : request.header("Range").flatMap(Conditions::range);
        Optional<ByteRange> part = part(request).map(number -> number);
        if (part.isPresent() && range.isPresent()) {
            throw S3Refusal.request("Cannot specify both Range header and partNumber query parameter. Each names other"
                    + " bytes. Send one of them.");
        }
        return conditions(request, kind, VersionParameter.of(request), part.or(() -> range), "")
                .withCustomerKey(Encryption.customerKey(request));
    }

    /** The part that a GET or HEAD asks for. */
    static Optional<ByteRange.Part> part(S3Request request) {
        return request.query()
                .first("partNumber")
                .map(text -> new ByteRange.Part(Parameters.number("partNumber", text, 1, ObjectStore.MAX_PARTS)));
    }

    /** What a copy asks of its source. */
    static ReadRequest copySource(S3Request request, Optional<VersionId> version, Optional<ByteRange> range) {
        return conditions(request, ReadRequest.Kind.COPY_SOURCE, version, range, "x-amz-copy-source-")
                .withCustomerKey(Encryption.sourceKey(request));
    }

    private static ReadRequest conditions(
            S3Request request,
            ReadRequest.Kind kind,
            Optional<VersionId> version,
            Optional<ByteRange> range,
            String prefix) {
        Optional<String> match = request.header(prefix + IF_MATCH);
        Optional<String> noneMatch = request.header(prefix + IF_NONE_MATCH);
        boolean any = match.filter(Conditions::isAny).isPresent();
        boolean none = noneMatch.filter(Conditions::isAny).isPresent();
        return new ReadRequest(
                kind,
                version,
                range,
                any ? List.of() : match.map(Conditions::tags).orElse(List.of()),
                any,
                none ? List.of() : noneMatch.map(Conditions::tags).orElse(List.of()),
                none,
                time(request, prefix + "If-Modified-Since"),
                time(request, prefix + "If-Unmodified-Since"));
    }

    /** What a PUT, a copy or the end of an upload asks of the object it replaces. */
    static WriteCondition write(S3Request request) {
        Optional<String> noneMatch = request.header(IF_NONE_MATCH);
        if (noneMatch.isPresent() && !isAny(noneMatch.get())) {
            throw S3Refusal.header(IF_NONE_MATCH);
        }
        refuseTimes(request);
        Optional<String> match = request.header(IF_MATCH);
        if (noneMatch.isPresent() && match.isPresent()) {
            throw S3Refusal.request(
                    "If-Match and If-None-Match exclude each other. The object would have to exist and not"
                            + " to. Send one of them.");
        }
        return noneMatch.isPresent() ? new WriteCondition(true, Optional.empty(), false) : match(match);
    }

    /** What a delete asks of the object. */
    static WriteCondition delete(S3Request request) {
        if (request.header(IF_NONE_MATCH).isPresent()) {
            throw S3Refusal.header(IF_NONE_MATCH);
        }
        refuseTimes(request);
        return match(request.header(IF_MATCH));
    }

    /** The condition of one If-Match, from a header or from the document of DeleteObjects. */
    static WriteCondition match(Optional<String> tag) {
        if (tag.isEmpty()) {
            return WriteCondition.NONE;
        }
        return isAny(tag.get())
                ? new WriteCondition(false, Optional.empty(), true)
                : new WriteCondition(false, Optional.of(tag(tag.get())), false);
    }

    private static void refuseTimes(S3Request request) {
        for (String name : List.of("If-Modified-Since", "If-Unmodified-Since")) {
            if (request.header(name).isPresent()) {
                throw S3Refusal.header(name);
            }
        }
    }

    private static Optional<Instant> time(S3Request request, String header) {
        return request.header(header).flatMap(HttpDates::parse);
    }

    /** Whether If-Match names a tag, and not only that there is an object: the answer then tells what the content is. */
    static boolean matchesContent(S3Request request) {
        return request.header(IF_MATCH).filter(value -> !isAny(value)).isPresent();
    }

    private static boolean isAny(String value) {
        return value.strip().equals("*");
    }

    /** The tags of a list; tags of S3's hold no comma. */
    private static List<ETag> tags(String list) {
        var tags = new ArrayList<ETag>(1);
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            tags.add(tag(list.substring(start, end)));
            start = end + 1;
        }
        return tags;
    }

    private static ETag tag(String text) {
        String bare = text.strip();
        return ETag.parse(bare.startsWith("W/") ? bare.substring(2) : bare).orElse(OF_NO_OBJECT);
    }

    /**
     * Reads a Range header. Empty where S3 answers with the whole: another unit, several ranges, or no range at all.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2">RFC 9110, byte ranges</a>
     */
    static Optional<ByteRange> range(String header) {
        String text = header.strip();
        if (!text.startsWith("bytes=")) {
            return Optional.empty();
        }
        String spec = text.substring(6);
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        long first = number(spec, 0, dash);
        long last = number(spec, dash + 1, spec.length());
        boolean lastGiven = dash + 1 < spec.length();
        if (first == INVALID || last == INVALID || (dash == 0 && !lastGiven)) {
            return Optional.empty();
        }
        if (dash == 0) {
            return Optional.of(new ByteRange.Suffix(last));
        }
        if (!lastGiven) {
            return Optional.of(new ByteRange.From(first));
        }
        return first > last ? Optional.empty() : Optional.of(new ByteRange.Span(first, last));
    }

    /**
     * Reads the range of a part's copy, of which S3 takes one form only: {@code bytes=first-last}.
     *
     * @throws S3Refusal INVALID_ARGUMENT for any other
     */
    static ByteRange.Span copyRange(String header) {
        if (range(header).orElse(null) instanceof ByteRange.Span span && header.equals(header.strip())) {
            return span;
        }
        throw S3Refusal.argument(
                COPY_RANGE,
                header,
                "The " + COPY_RANGE + " value must be of the form bytes=first-last, where first and last are the"
                        + " zero-based offsets of the first and last bytes to copy. It is not. Send it so.");
    }

    private static final long INVALID = -1;

    /** The decimal number there, {@link Long#MAX_VALUE} if larger; 0 if there is nothing. */
    private static long number(String text, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        return number;
    }
}
