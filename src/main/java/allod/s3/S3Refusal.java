package allod.s3;

import allod.http.Headers;
import java.util.List;

/** A request that S3 itself refuses with a code of its own, before or beside anything the store says. */
final class S3Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final S3Error error;
    private final String message;
    private final transient List<Detail> details;
    private final transient Headers headers;

    /** A further element of the answer, such as {@code Header} or {@code ArgumentName}. */
    record Detail(String element, String value) {}

    /** @param message what, why and what to do next; fit for the client */
    S3Refusal(S3Error error, String message, Detail... details) {
        this(error, message, Headers.empty(), details);
    }

    /** @param headers of the answer, beside those every error has */
    S3Refusal(S3Error error, String message, Headers headers, Detail... details) {
        super(message, null, false, false);
        this.error = error;
        this.message = message;
        this.headers = headers;
        this.details = List.of(details);
    }

    S3Error error() {
        return error;
    }

    /** What, why and what to do next. */
    String message() {
        return message;
    }

    List<Detail> details() {
        return details;
    }

    Headers headers() {
        return headers;
    }

    /**
     * A range of which no byte exists.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.17">RFC 9110, the answer to it</a>
     */
    static S3Refusal range(String requested, long size) {
        return new S3Refusal(
                S3Error.INVALID_RANGE,
                "The requested range is not satisfiable. The object has " + size + " bytes. Ask for a range that begins"
                        + " below the size.",
                Headers.of("Content-Range", "bytes */" + size),
                new Detail("RangeRequested", requested),
                new Detail("ActualObjectSize", Long.toString(size)));
    }

    /** A part that the object does not have. */
    static S3Refusal part(int requested, int count) {
        return new S3Refusal(
                S3Error.INVALID_PART_NUMBER,
                "The requested partnumber is not satisfiable. The object has other parts. Ask for one it has.",
                new Detail("PartNumberRequested", Integer.toString(requested)),
                new Detail("ActualPartCount", Integer.toString(count)));
    }

    /** An argument out of its range or shape. */
    static S3Refusal argument(String name, String value, String message) {
        return new S3Refusal(
                S3Error.INVALID_ARGUMENT,
                message,
                new Detail("ArgumentName", name),
                new Detail("ArgumentValue", value));
    }

    static S3Refusal request(String message) {
        return new S3Refusal(S3Error.INVALID_REQUEST, message);
    }

    /** A header that asks for something this server does not do. */
    static S3Refusal header(String name) {
        return new S3Refusal(
                S3Error.NOT_IMPLEMENTED,
                "A header you provided implies functionality that is not implemented. This server does not carry out"
                        + " what " + name + " asks for, and ignores nothing. Send the request without it.",
                new Detail("Header", name));
    }

    /** A query parameter or element that asks for something this server does not do. */
    static S3Refusal unserved(String what) {
        return new S3Refusal(
                S3Error.NOT_IMPLEMENTED,
                "This server does not carry out what " + what + " asks for, and ignores nothing. Send the request"
                        + " without it.");
    }
}
