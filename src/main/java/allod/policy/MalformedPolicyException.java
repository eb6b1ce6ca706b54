package allod.policy;

/** A policy that is not taken, with the element that is wrong in it. The message is fit for the client. */
public final class MalformedPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String why;

    MalformedPolicyException(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    /** What is wrong, as a sentence that names it. */
    public String why() {
        return why;
    }
}
