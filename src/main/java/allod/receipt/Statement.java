package allod.receipt;

/**
 * What a receipt's check looks at, in this order. Each stands on the ones before it in the reader's mind, none in the
 * code: all are always checked. Their names are part of the format and never change.
 */
public enum Statement {
    /** The receipt's id is that of its event and item. */
    ID("id"),
    /** The item is one of the items whose root the event holds. */
    ITEM("item"),
    /** The evidence is the one whose hash the event holds. */
    EVIDENCE("evidence"),
    /** The evidence's root record is that of its domain and generation, and follows the one it says was destroyed. */
    ROOT("root"),
    /** Each of the item's slots is EMPTY in the key tree of the root record. */
    SLOTS("slots"),
    /** Each custodian holds no handle but the one of the root record. */
    CUSTODIANS("custodians"),
    /** The event is an entry of the checkpoint's tree. */
    EVENT("event"),
    /** The checkpoint is signed by a trusted log, and by the witnesses that the policy asks for. */
    CHECKPOINT("checkpoint");

    private final String label;

    Statement(String label) {
        this.label = label;
    }

    /** Its name in reports. */
    public String label() {
        return label;
    }
}
