package allod.policy;

/**
 * The work that the decisions of one request may still take, counted in characters compared: patterns with many stars and
 * long texts take the product of their lengths, and a policy is written by one tenant at the cost of all. What takes more
 * is denied. Of one thread.
 */
public final class Effort {
    /** Of one decision: a few milliseconds, and some hundred times what a policy of 20 KiB takes that is meant well. */
    static final long ONE = 1_000_000;

    /** Of each further decision of the same request. */
    static final long EACH_MORE = 50_000;

    private long left;

    private Effort(long left) {
        this.left = left;
    }

    static Effort ofOne() {
        return of(1);
    }

    /** @param decisions how many things the request asks for, 1 or more */
    public static Effort of(int decisions) {
        return new Effort(ONE + EACH_MORE * (decisions - 1));
    }

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new SpentException();
        }
    }

    /** Nothing is left, so nothing more is decided. */
    static final class SpentException extends RuntimeException {
        private static final long serialVersionUID = 1;

        SpentException() {
            super("a decision takes too much work", null, false, false);
        }
    }
}
