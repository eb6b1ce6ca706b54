package allod.base;

import java.util.Objects;

/**
 * A request that cannot be carried out, told so that the reader can act on it: what happened, why, and what to do next.
 * Knows nothing of HTTP or S3; each address turns the {@link Reason} into its own status and code. Its texts reach the
 * client, so they never hold a secret.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String what;
    private final String why;
    private final String next;

    /**
     * @param reason the kind of refusal, which each address maps to its own code
     * @param what one sentence: what did not happen
     * @param why one sentence: the cause, with the values that matter
     * @param next one sentence: what the caller can do now
     */
    public Problem(Reason reason, String what, String why, String next) {
        this.reason = Objects.requireNonNull(reason);
        this.what = what;
        this.why = why;
        this.next = next;
    }

    /** The same with the fault that led to it; the fault is for the operator's log, never for the client. */
    public Problem(Reason reason, String what, String why, String next, Throwable cause) {
        this(reason, what, why, next);
        initCause(cause);
    }

    /** The three sentences. */
    @Override
    public String getMessage() {
        return what + " " + why + " " + next;
    }

    public Reason reason() {
        return reason;
    }

    public String what() {
        return what;
    }

    public String why() {
        return why;
    }

    public String next() {
        return next;
    }
}
