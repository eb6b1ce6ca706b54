package allod.pact;

/** A custody formula is larger than is computed; the message names the limit that it passed. */
public final class TooManyReadersException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyReadersException(String message) {
        super(message);
    }
}
