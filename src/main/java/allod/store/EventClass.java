package allod.store;

/**
 * The record classes of events. Each has its own retention, so each has its own opening keys: one slot a domain, class
 * and UTC day.
 */
enum EventClass {
    /** Reads, lists and refusals. */
    ACCESS(1),
    /** Writes, configuration and administration. */
    CHANGE(2),
    /** Erasures and the items of receipts. */
    EVIDENCE(3);

    final int code;

    EventClass(int code) {
        this.code = code;
    }

    static EventClass of(int code) {
        for (EventClass value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        throw new IllegalArgumentException("no class of events has the code " + code);
    }
}
