package allod.store;

import allod.keys.ContentKey;
import java.security.MessageDigest;

/**
 * A key that the customer brings with each request about an object (SSE-C). It is mixed into the key of the content, so
 * that the server alone cannot open it; only a check of it is kept. Never shown, never written.
 */
public final class CustomerKey {
    public static final int BYTES = ContentKey.CUSTOMER_KEY_BYTES;

    private final byte[] secret;

    /** @throws IllegalArgumentException unless there are 32 bytes */
    public CustomerKey(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a customer's key has " + BYTES + " bytes, not " + secret.length);
        }
        this.secret = secret.clone();
    }

    /** The bytes themselves; not to be changed. */
    byte[] secret() {
        return secret;
    }

    byte[] check(byte[] objectId) {
        return ContentKey.customerCheck(secret, objectId);
    }

    boolean fits(byte[] check, byte[] objectId) {
        return MessageDigest.isEqual(check, check(objectId));
    }

    @Override
    public String toString() {
        return "CustomerKey[hidden]";
    }
}
