package allod.receipt;

import static allod.receipt.JsonMembers.json;
import static allod.receipt.JsonMembers.unsignedJson;

import allod.log.Hash;
import allod.log.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One thing that was erased, as its receipt names it. The log holds only its {@link #commitment}, which says nothing
 * without the salt, not even to a guess.
 *
 * @param bucket the bucket's name in UTF-8, at most 255 bytes; empty where the slot belonged to no object
 * @param key the object's key in UTF-8, at most 1,024 bytes; empty where the slot belonged to no object
 * @param version order of the version, or of the upload, unsigned; 0 where there was none
 * @param sizeBytes size of the content; 0 where it is not known
 * @param floeHash SHA-256 over the SHA-256 of each part's FLOE header, in part order; empty where there is none
 * @param slots the slots whose keys hung on it, unsigned: a version's own, then those erased with it such as a waiting
 *     upload's or a share's; 1 to 64, each once
 * @param reason why
 * @param salt 32 random bytes of its own, a secret of the owner's
 */
public record ReceiptItem(
        byte[] bucket,
        byte[] key,
        long version,
        long sizeBytes,
        Optional<Hash> floeHash,
        List<Long> slots,
        ErasureReason reason,
        byte[] salt) {

    public static final int SALT_BYTES = 32;
    public static final int MAX_BUCKET_BYTES = 255;
    public static final int MAX_KEY_BYTES = 1024;
    public static final int MAX_SLOTS = 64;

    private static final byte[] LABEL = "allod/receipt/item/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String WHAT = "receipt item";

    /** @throws IllegalArgumentException if a component breaks its rule */
    public ReceiptItem {
        require(bucket.length <= MAX_BUCKET_BYTES, "a bucket name of " + bucket.length + " bytes");
        require(key.length <= MAX_KEY_BYTES, "a key of " + key.length + " bytes");
        require(sizeBytes >= 0 && sizeBytes <= Json.MAX_NUMBER, "a size of " + sizeBytes);
        slots = List.copyOf(slots);
        require(!slots.isEmpty() && slots.size() <= MAX_SLOTS, slots.size() + " slots");
        require(new HashSet<>(slots).size() == slots.size(), "a slot twice");
        require(salt.length == SALT_BYTES, "a salt of " + salt.length + " bytes");
        Objects.requireNonNull(floeHash);
        Objects.requireNonNull(reason);
        bucket = bucket.clone();
        key = key.clone();
        salt = salt.clone();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("a receipt item cannot have " + what);
        }
    }

    @Override
    public byte[] bucket() {
        return bucket.clone();
    }

    @Override
    public byte[] key() {
        return key.clone();
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    /** HMAC-SHA256(salt, "allod/receipt/item/v1" || 00 || canonical JSON of everything but the salt). */
    public Hash commitment() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt, "HmacSHA256"));
            mac.update(LABEL);
            return Hash.of(mac.doFinal(toJson().encode()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    /** The item to be stored sealed: its salt, then its canonical JSON. */
    public byte[] encode() {
        byte[] json = toJson().encode();
        return ByteBuffer.allocate(SALT_BYTES + json.length).put(salt).put(json).array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws MalformedException if it is anything else
     */
    public static ReceiptItem parse(byte[] encoded) {
        if (encoded.length < SALT_BYTES) {
            throw new MalformedException("receipt item is shorter than its salt");
        }
        Json json = Json.parse(Arrays.copyOfRange(encoded, SALT_BYTES, encoded.length));
        return of(json, Arrays.copyOf(encoded, SALT_BYTES));
    }

    Json toJson() {
        return Json.object(Map.of(
                "bucket", json(bucket),
                "floeHash", json(floeHash.map(Hash::bytes).orElse(new byte[0])),
                "key", json(key),
                "reason", json(reason.text()),
                "size", json(sizeBytes),
                "slots", json(slots, JsonMembers::unsignedJson),
                "version", unsignedJson(version)));
    }

    static ReceiptItem of(Json value, byte[] salt) {
        return JsonMembers.read(value, WHAT, in -> {
            byte[] floeHash = in.bytes("floeHash");
            return new ReceiptItem(
                    in.bytes("bucket"),
                    in.bytes("key"),
                    in.unsigned("version"),
                    in.number("size"),
                    floeHash.length == 0 ? Optional.empty() : Optional.of(Hash.of(floeHash)),
                    in.unsignedList("slots"),
                    ErasureReason.of(in.text("reason"))
                            .orElseThrow(() -> new MalformedException(WHAT + " has an unknown reason")),
                    salt);
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReceiptItem that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    /** Without name and salt. */
    @Override
    public String toString() {
        return "ReceiptItem[" + reason.text() + ", "
                + slots.stream().map(Long::toUnsignedString).toList() + "]";
    }
}
