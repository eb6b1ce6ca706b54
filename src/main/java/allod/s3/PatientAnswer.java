package allod.s3;

import allod.http.Headers;
import allod.http.ResponseBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The answer to work that may outlast a client's patience. Work that is done soon is answered as any other; after a while
 * the answer begins with 200 and the first line of its document, and blanks follow until the work is done. A fault after
 * that becomes an error document in an answer of 200, as S3 does for copies.
 */
final class PatientAnswer {
    /** How long nothing is sent at first, and between blanks. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final byte[] BLANK = {' '};
    private static final byte[] DECLARATION = XmlWriter.DECLARATION.getBytes(StandardCharsets.US_ASCII);

    private final S3Request request;
    private final S3Errors errors;
    private final InstantSource clock;
    private final Headers.Builder headers;
    private Instant lastSign;
    private @Nullable ResponseBody begun;

    PatientAnswer(S3Request request, S3Errors errors, InstantSource clock) {
        this.request = request;
        this.errors = errors;
        this.clock = clock;
        this.headers = Answers.stored(request);
        this.lastSign = clock.instant();
    }

    /** Says something in the head of the answer, unless that went out already. */
    void add(String header, String value) {
        headers.add(header, value);
    }

    /** Work that ends with a document. */
    @FunctionalInterface
    interface Work {
        XmlWriter document() throws IOException;
    }

    /** Does the work and answers. */
    void give(Work work) throws IOException {
        byte[] document;
        try {
            document = work.document().toBytes();
        } catch (RuntimeException | IOException fault) {
            if (begun == null || !S3Errors.isExpected(fault)) {
                throw fault;
            }
            document = errors.document(
                    request.exchange(), S3Errors.answerTo(request.caller().requestId(), fault));
        }
        if (begun == null) {
            request.exchange()
                    .respond(200, headers.add("Content-Type", "application/xml").build(), document);
        } else {
            begun.write(document, DECLARATION.length, document.length - DECLARATION.length);
            begun.close();
        }
    }

    /** Called by the work often; sends a sign of life when it is time. */
    void keepAlive() throws IOException {
        Instant now = clock.instant();
        if (Duration.between(lastSign, now).compareTo(PATIENCE) < 0) {
            return;
        }
        lastSign = now;
        if (begun == null) {
            begun = request.exchange()
                    .respond(200, headers.add("Content-Type", "application/xml").build(), -1);
            begun.write(DECLARATION, 0, DECLARATION.length);
        } else {
            begun.write(BLANK, 0, 1);
        }
    }
}
