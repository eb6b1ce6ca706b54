package allod.s3;

import allod.http.Exchange;
import allod.http.Headers;
import allod.http.PercentEncoding;
import allod.store.Checksum;
import allod.store.Expiration;
import allod.store.VersionId;
import java.io.IOException;
import java.util.Optional;

/** What the answers of all endpoints have in common. */
final class Answers {
    static final String EXPIRATION = "x-amz-expiration";

    private static final String XML = "application/xml";

    private Answers() {}

    /** The headers every answer begins with. */
    static Headers.Builder headers(S3Request request) {
        return Headers.builder()
                .add("x-amz-request-id", request.caller().requestId())
                .add("x-amz-id-2", request.hostId());
    }

    /** The headers of an answer that tells of an object or part just stored. */
    static Headers.Builder stored(S3Request request) {
        return Encryption.say(headers(request), request);
    }

    static Headers.Builder addChecksum(Headers.Builder headers, Optional<Checksum> checksum) {
        checksum.ifPresent(
                found -> headers.add(ChecksumKind.of(found.algorithm()).header(), found.value())
                        .add("x-amz-checksum-type", found.type().name()));
        return headers;
    }

    static Headers.Builder addVersion(Headers.Builder headers, Optional<VersionId> version) {
        version.ifPresent(id -> headers.add(VersionParameter.HEADER, id.text()));
        return headers;
    }

    /** When a lifecycle rule will end the object, as S3 writes it: the rule's name percent-encoded. */
    static Headers.Builder addExpiration(Headers.Builder headers, Optional<Expiration> expiration) {
        expiration.ifPresent(it -> headers.add(EXPIRATION, expiration(it)));
        return headers;
    }

    static String expiration(Expiration expiration) {
        return "expiry-date=\"" + HttpDates.header(expiration.date()) + "\", rule-id=\""
                + PercentEncoding.encode(expiration.rule()) + "\"";
    }

    static void empty(Exchange exchange, int status, Headers.Builder headers) throws IOException {
        exchange.respond(status, headers.build(), 0).close();
    }

    /** A document that is kept as it is given back. */
    static void document(S3Request request, byte[] document) throws IOException {
        request.exchange()
                .respond(200, headers(request).add("Content-Type", XML).build(), document);
    }

    static void xml(Exchange exchange, Headers.Builder headers, XmlWriter document) throws IOException {
        exchange.respond(200, headers.add("Content-Type", XML).build(), document.toBytes());
    }
}
