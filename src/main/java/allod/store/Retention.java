package allod.store;

import java.time.Instant;

/**
 * A version's retention, as in S3 Object Lock: until its end the version is not erased.
 *
 * @param until its end, to the second; a fraction counts as the whole second
 */
public record Retention(Mode mode, Instant until) {
    public Retention {
        until = until.getNano() == 0 ? until : Instant.ofEpochSecond(until.getEpochSecond() + 1);
    }

    /** Who may end it before its time; each mode with its stored code. */
    public enum Mode {
        /** Whoever has the permission to bypass it. */
        GOVERNANCE(1),
        /** Nobody. */
        COMPLIANCE(2);

        final int code;

        Mode(int code) {
            this.code = code;
        }

        static Mode of(int code) {
            for (Mode mode : values()) {
                if (mode.code == code) {
                    return mode;
                }
            }
            throw new IllegalArgumentException("no retention mode has the code " + code);
        }
    }

    boolean bindsAt(Instant now) {
        return now.isBefore(until);
    }

    /**
     * Whether this may be replaced.
     *
     * @param next what is to stand instead; null for nothing
     */
    boolean yieldsTo(@org.jspecify.annotations.Nullable Retention next, Instant now, boolean bypass) {
        if (!bindsAt(now)) {
            return true;
        }
        boolean extended = next != null && next.mode == mode && !next.until.isBefore(until);
        return extended || (mode == Mode.GOVERNANCE && bypass);
    }
}
