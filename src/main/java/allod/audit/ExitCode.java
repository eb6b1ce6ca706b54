package allod.audit;

/** What a check's process ends with, so that scripts can tell the answers apart. */
public enum ExitCode {
    /** Everything holds, under a key that the reader has pinned. */
    HOLDS(0),
    /** A check failed, and the report names it. */
    FAILED(1),
    /** Unreadable, or not in its one canonical form: nothing was checked. */
    UNREADABLE(2),
    /** Consistent in itself, but signed by no key that the reader has pinned. */
    SIGNER_UNKNOWN(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
