package allod.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes event commitments and their openings with reused hashing objects. Whoever holds one uses it from one thread
 * at a time: a sequencer has one of its own, a request makes one.
 *
 * <pre>
 * opening    r = HMAC-SHA256(periodKey, "allod/v1/opening" || 00 || u32 length, origin || u64 logIndex)
 * commitment C = HMAC-SHA256(r, "allod/leaf/v1" || 00 || origin || tenant || u64 seq || prev || u64 time || body)
 *                each field of C from origin on after its own u32 length
 * </pre>
 *
 * All integers are big-endian. Without the opening a commitment says nothing of the event, not even to a guess.
 */
public final class Commitments {
    /** Length of an opening; no other is accepted, for HMAC pads a shorter key with zeros. */
    public static final int OPENING_BYTES = 32;

    private static final byte[] LEAF_LABEL = "allod/leaf/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OPENING_LABEL = "allod/v1/opening\0".getBytes(StandardCharsets.US_ASCII);
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac = newMac();

    /** The period's openings of one log; its hashing object keeps the key, so each opening costs one HMAC. */
    public static final class Openings {
        private final Mac mac = newMac();
        private final byte[] message;

        /**
         * The openings of one period in one log.
         *
         * @param periodKey the slot secret of domain, record class and UTC day, 32 bytes
         * @throws IllegalArgumentException if the key is of any other length
         */
        public Openings(byte[] periodKey, String origin) {
            if (periodKey.length != Hash.LENGTH) {
                throw new IllegalArgumentException("a period key has 32 bytes, not " + periodKey.length);
            }
            key(mac, periodKey);
            byte[] name = origin.getBytes(StandardCharsets.UTF_8);
            this.message = ByteBuffer.allocate(OPENING_LABEL.length + Integer.BYTES + name.length + Long.BYTES)
                    .put(OPENING_LABEL)
                    .putInt(name.length)
                    .put(name)
                    .array();
        }

        /** The 32-byte opening of the event at an index of the log. */
        public byte[] opening(long logIndex) {
            ByteBuffer.wrap(message).putLong(message.length - Long.BYTES, logIndex);
            return mac.doFinal(message);
        }
    }

    /**
     * The commitment C to a frame and a body.
     *
     * @param opening r, 32 bytes
     * @throws IllegalArgumentException if the opening is of any other length
     */
    public Hash commitment(byte[] opening, Frame frame, byte[] body) {
        if (opening.length != OPENING_BYTES) {
            throw new IllegalArgumentException("an opening has 32 bytes, not " + opening.length);
        }
        byte[] origin = frame.originBytes();
        byte[] tenant = frame.rawTenant();
        int fixed = LEAF_LABEL.length + 6 * Integer.BYTES + 2 * Long.BYTES + Hash.LENGTH;
        byte[] head = ByteBuffer.allocate(fixed + origin.length + tenant.length)
                .put(LEAF_LABEL)
                .putInt(origin.length)
                .put(origin)
                .putInt(tenant.length)
                .put(tenant)
                .putInt(Long.BYTES)
                .putLong(frame.seq())
                .putInt(Hash.LENGTH)
                .put(frame.prev().bytes())
                .putInt(Long.BYTES)
                .putLong(frame.timeMicros())
                .putInt(body.length)
                .array();
        key(mac, opening);
        mac.update(head);
        return Hash.owning(mac.doFinal(body));
    }

    private static void key(Mac mac, byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC takes any key", e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
