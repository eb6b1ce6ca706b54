package allod.log;

/** The entries of an Allod log: a type byte and 32 bytes, whatever they stand for. */
public final class EventLeaf {
    public static final int LENGTH = 1 + Hash.LENGTH;

    /** An event: its commitment follows. */
    public static final byte EVENT = 0x01;
    /** The state of all tenants' chains at an epoch. */
    public static final byte HEAD = 0x02;
    /** First entry of a log that goes on after a restore that lost events. */
    public static final byte REOPENED = 0x03;

    private EventLeaf() {}

    /** The entry of an event: {@code 01 || commitment}. */
    public static byte[] entry(Hash commitment) {
        byte[] entry = new byte[LENGTH];
        entry[0] = EVENT;
        commitment.copyTo(entry, 1);
        return entry;
    }
}
