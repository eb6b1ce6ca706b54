package allod.keys;

/**
 * How much a custodian's word that a key is gone is worth, from the facts of where the key stood. A higher class is
 * never assumed: what is not known is {@link #E0}.
 */
public enum AssuranceClass {
    E0("E0: the key stood on an SSD, a copy-on-write file system, a virtual machine's disk, a software token or unknown"
            + " storage; it was overwritten, but an older physical copy may remain"),
    E1("E1: the key was overwritten in place, in memory or on a disk that does not copy on write"),
    E2(
            "E2: a remote service destroyed the key, and its operator states that it keeps no snapshots, replicas or images"),
    E3("E3: a validated hardware security module zeroized the key");

    private final String meaning;

    AssuranceClass(String meaning) {
        this.meaning = meaning;
    }

    /** One line for receipts and pages, beginning with the class's name. */
    public String meaning() {
        return meaning;
    }
}
