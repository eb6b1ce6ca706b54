package allod.store;

/**
 * Rows {@code C} that the store keeps for itself, each with its stored code, above those of {@link ConfigurationKind}.
 * Under bucket 0 stands what is the installation's.
 */
enum Bookkeeping {
    /** The slot whose secret names versions; under bucket 0. */
    VERSION_IDS(128),
    /** The highest time that was trusted; under bucket 0. */
    TRUSTED_TIME(130);

    final int code;

    Bookkeeping(int code) {
        this.code = code;
    }
}
