package allod.log;

/**
 * Bytes that are not in the one form their specification gives: unreadable, not canonical or over a limit. It says
 * nothing about signatures or hashes: a well-formed document that fails its check is an answer, not this.
 */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String why;

    /**
     * Bytes that break a rule.
     *
     * @param why what was read, which rule it breaks, and the offending value where it is short
     */
    public MalformedException(String why) {
        super(why);
        this.why = why;
    }

    /** The rule that a value's own constructor found broken, while reading it. */
    MalformedException(String what, RuntimeException broken) {
        this(what + ": " + broken.getMessage());
        initCause(broken);
    }

    /** What was read and which rule it breaks. */
    public String why() {
        return why;
    }
}
