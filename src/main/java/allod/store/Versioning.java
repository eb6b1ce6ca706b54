package allod.store;

/** Whether a bucket keeps what is overwritten and deleted; each with its stored code. */
public enum Versioning {
    /** It was never enabled: a key has one version, and an overwrite or delete erases it. */
    UNVERSIONED(0),
    /** Every write is a version of its own, and a delete without a version id puts a marker. */
    ENABLED(1),
    /** Versions that are there stay; new writes share the one null version of their key. */
    SUSPENDED(2);

    final int code;

    Versioning(int code) {
        this.code = code;
    }

    static Versioning of(int code) {
        for (Versioning versioning : values()) {
            if (versioning.code == code) {
                return versioning;
            }
        }
        throw new IllegalArgumentException("no versioning has the code " + code);
    }
}
