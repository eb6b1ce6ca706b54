package allod.store.engine;

/**
 * A guard of a commit did not hold, so nothing was written and the engine goes on as before. Whoever planned the commit
 * reads again and plans anew.
 */
public final class GuardFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int index;

    GuardFailedException(int index) {
        super("guard " + index + " of the commit does not hold", null, false, false);
        this.index = index;
    }

    /** The place of the first failed guard in the list given to the commit, from 0. */
    public int index() {
        return index;
    }
}
