package allod.store;

/** What a slot's secret protects, each with its stored code; all kinds that the design knows are reserved. */
enum SlotKind {
    VERSION(0),
    UPLOAD(1),
    SHARE(2),
    PERIOD(3),
    EVIDENCE(4),
    ACCESS_KEY(5),
    GRANT(6),
    SIGNER(7),
    SEALED(8),
    BACKUP(9),
    VERSION_IDS(10);

    final int code;

    SlotKind(int code) {
        this.code = code;
    }

    static SlotKind of(int code) {
        for (SlotKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no slot has the kind " + code);
    }
}
