package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import java.util.Optional;

/** Whether the customer's key that came is the one an object or upload was made with. */
final class CustomerKeys {
    static final byte[] NONE = {};

    private CustomerKeys() {}

    /** What is mixed into the key of the content; empty where the customer brings no key. */
    static byte[] secret(Optional<CustomerKey> key) {
        return key.map(CustomerKey::secret).orElse(NONE);
    }

    /** The check to keep; empty where the customer brings no key. */
    static byte[] check(Optional<CustomerKey> key, byte[] objectId) {
        return key.map(given -> given.check(objectId)).orElse(NONE);
    }

    /** What is wrong with the key that came, if something is. */
    static Optional<Problem> refusal(byte[] check, byte[] objectId, Optional<CustomerKey> key) {
        if (check.length == 0) {
            return key.map(unneeded -> new Problem(
                    Reason.INVALID_REQUEST,
                    "The encryption parameters are not applicable to this object.",
                    "It was stored without a key of the customer's.",
                    "Send the request without one."));
        }
        if (key.isEmpty()) {
            return Optional.of(new Problem(
                    Reason.INVALID_REQUEST,
                    "The object was stored using a form of Server Side Encryption. The correct parameters must be"
                            + " provided to retrieve the object.",
                    "It opens only with the key that the customer brought when it was stored.",
                    "Send that key."));
        }
        return key.get().fits(check, objectId)
                ? Optional.empty()
                : Optional.of(new Problem(
                        Reason.ACCESS_DENIED,
                        "Access Denied. Requests specifying Server Side Encryption with Customer provided keys must"
                                + " provide the correct secret key.",
                        "The key that came is another than the object was stored with.",
                        "Send the right key; nobody here has it."));
    }

    /** The same for a part of an upload. */
    static void require(byte[] check, byte[] uploadId, Optional<CustomerKey> key) {
        boolean fits =
                check.length == 0 ? key.isEmpty() : key.isPresent() && key.get().fits(check, uploadId);
        if (!fits) {
            throw new Problem(
                    Reason.INVALID_REQUEST,
                    check.length == 0 || key.isPresent()
                            ? "The provided encryption parameters did not match the ones used originally."
                            : "The multipart upload initiate requested encryption. Subsequent part requests must"
                                    + " include the appropriate encryption parameters.",
                    "All parts of an upload have the key that it was created with, or none.",
                    "Send each part as the upload was created.");
        }
    }
}
