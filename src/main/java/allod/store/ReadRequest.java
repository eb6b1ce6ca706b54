package allod.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a read asks for.
 *
 * @param version the version that is asked for; the current one if empty
 * @param ifMatch if not empty, the ETag must be one of these; {@code matchAny} stands for {@code *}
 * @param ifNoneMatch if not empty, the ETag must be none of these; {@code noneMatchAny} stands for {@code *}
 * @param customerKey the key that the customer brings
 */
public record ReadRequest(
        Kind kind,
        Optional<VersionId> version,
        Optional<ByteRange> range,
        List<ETag> ifMatch,
        boolean matchAny,
        List<ETag> ifNoneMatch,
        boolean noneMatchAny,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince,
        Optional<CustomerKey> customerKey) {

    /** Of an object that opens without a key of the customer's. */
    public ReadRequest(
            Kind kind,
            Optional<VersionId> version,
            Optional<ByteRange> range,
            List<ETag> ifMatch,
            boolean matchAny,
            List<ETag> ifNoneMatch,
            boolean noneMatchAny,
            Optional<Instant> ifModifiedSince,
            Optional<Instant> ifUnmodifiedSince) {
        this(
                kind,
                version,
                range,
                ifMatch,
                matchAny,
                ifNoneMatch,
                noneMatchAny,
                ifModifiedSince,
                ifUnmodifiedSince,
                Optional.empty());
    }

    public ReadRequest withCustomerKey(Optional<CustomerKey> key) {
        return new ReadRequest(
                kind,
                version,
                range,
                ifMatch,
                matchAny,
                ifNoneMatch,
                noneMatchAny,
                ifModifiedSince,
                ifUnmodifiedSince,
                key);
    }

    /** Whether the content itself is asked for. */
    boolean releasesContent() {
        return kind == Kind.GET || kind == Kind.COPY_SOURCE;
    }

    /** Why content is read, as its event says. A HEAD releases no content. */
    public enum Kind {
        GET,
        HEAD,
        /** As a HEAD, and all the parts. */
        ATTRIBUTES,
        TAGGING_GET,
        ACL_GET,
        COPY_SOURCE
    }

    /** A whole object, unconditionally. */
    public static ReadRequest of(Kind kind) {
        return of(kind, Optional.empty());
    }

    /** A whole object, unconditionally, in one of its versions. */
    public static ReadRequest of(Kind kind, Optional<VersionId> version) {
        return new ReadRequest(
                kind,
                version,
                Optional.empty(),
                List.of(),
                false,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** A range as it was asked, before the size is known. Positions are bytes, both ends included. */
    public sealed interface ByteRange {
        /** From {@code first} to {@code last}, or to the end where last is past it. */
        record Span(long first, long last) implements ByteRange {}

        /** From {@code first} to the end. */
        record From(long first) implements ByteRange {}

        /** The last {@code length} bytes. */
        record Suffix(long length) implements ByteRange {}

        /** The part of this number; of an object written at once, 1 is the whole. */
        record Part(int number) implements ByteRange {}
    }
}
