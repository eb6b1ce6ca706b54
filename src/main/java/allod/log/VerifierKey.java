package allod.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * A public key that verifies note signatures under a name. As text, a vkey: {@code name+hex8(keyId)+base64(type ||
 * publicKey)}. Compared by content; immutable.
 *
 * @see <a href="https://c2sp.org/signed-note#verifier-keys">C2SP signed-note, verifier keys</a>
 */
public final class VerifierKey {
    private final String name;
    private final SignatureType type;
    private final byte[] publicKey;
    private final int keyId;

    private VerifierKey(String name, SignatureType type, byte[] publicKey) {
        this.name = name;
        this.type = type;
        this.publicKey = publicKey;
        this.keyId = keyId(name, type, publicKey);
    }

    /**
     * A key from its parts.
     *
     * @param name 1 to 255 bytes of UTF-8, without spaces or plus
     * @param publicKey 32 bytes for Ed25519 (RFC 8032), 1,312 for ML-DSA-44 (FIPS 204)
     * @throws IllegalArgumentException if name or length breaks its rule
     */
    public static VerifierKey of(String name, SignatureType type, byte[] publicKey) {
        if (!Strict.isKeyName(name)) {
            throw new IllegalArgumentException("key name is empty or has a space or plus: " + Strict.shown(name));
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > Checkpoint.MAX_ORIGIN_BYTES) {
            throw new IllegalArgumentException("key name is longer than 255 bytes: " + Strict.shown(name));
        }
        if (publicKey.length != type.publicKeyBytes()) {
            throw new IllegalArgumentException(
                    "a key of type " + type + " has " + type.publicKeyBytes() + " bytes, not " + publicKey.length);
        }
        return new VerifierKey(name, type, publicKey.clone());
    }

    /**
     * Reads a vkey.
     *
     * @throws MalformedException unless it is the one canonical text of a key of a known type
     */
    public static VerifierKey parse(String vkey) {
        Strict.atMost(vkey.length(), 4096, "vkey");
        // The base64 may itself contain a plus, the name and the id may not.
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3) {
            throw new MalformedException("vkey is not name+id+key: " + Strict.shown(vkey));
        }
        byte[] typed = Strict.base64(parts[2], "vkey");
        if (typed.length == 0) {
            throw new MalformedException("vkey has no key: " + Strict.shown(vkey));
        }
        VerifierKey key;
        try {
            key = of(parts[0], SignatureType.of(typed[0]), Arrays.copyOfRange(typed, 1, typed.length));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("vkey", e);
        }
        if (!key.toString().equals(vkey)) {
            throw new MalformedException("vkey's id does not belong to its name and key: " + Strict.shown(vkey));
        }
        return key;
    }

    public String name() {
        return name;
    }

    public SignatureType type() {
        return type;
    }

    /** First four bytes of {@code SHA-256(name || 0A || type || publicKey)}, big-endian. */
    public int keyId() {
        return keyId;
    }

    /** A copy of the raw public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Whether both wrap the same public key, under whatever name. */
    boolean wrapsSameKeyAs(VerifierKey other) {
        return Arrays.equals(publicKey, other.publicKey);
    }

    /** Whether a signature line claims to be by this key: same name and same id. */
    public boolean isNamedBy(SignedNote.Signature signature) {
        return keyId == signature.keyId() && name.equals(signature.name());
    }

    /** Whether the signature is this key's over this note text. */
    public boolean verifies(String text, SignedNote.Signature signature) {
        byte[] blob = signature.signature();
        if (!isNamedBy(signature) || blob.length != type.signatureBytes()) {
            return false;
        }
        return switch (type) {
            case ED25519 -> Signatures.verifyEd25519(publicKey, text.getBytes(StandardCharsets.UTF_8), blob);
            case COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44 -> verifiesCosignature(text, blob);
        };
    }

    private boolean verifiesCosignature(String text, byte[] blob) {
        long time = ByteBuffer.wrap(blob).getLong();
        byte[] signature = Arrays.copyOfRange(blob, Long.BYTES, blob.length);
        if (time < 0) {
            return false;
        }
        if (type == SignatureType.COSIGNATURE_ED25519) {
            return Signatures.verifyEd25519(publicKey, Cosignatures.ed25519Message(time, text), signature);
        }
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(text);
        } catch (MalformedException e) {
            return false;
        }
        return Signatures.verifyMlDsa44(publicKey, Cosignatures.mlDsaMessage(name, time, checkpoint), signature);
    }

    /** When a cosignature of this key says it was made, in seconds since 1970; empty for a plain signature. */
    public OptionalLong signedAt(SignedNote.Signature signature) {
        byte[] blob = signature.signature();
        return type.isCosignature() && blob.length == type.signatureBytes()
                ? OptionalLong.of(ByteBuffer.wrap(blob).getLong())
                : OptionalLong.empty();
    }

    private static int keyId(String name, SignatureType type, byte[] publicKey) {
        byte[] hash = Hash.sha256(name.getBytes(StandardCharsets.UTF_8), new byte[] {'\n', type.code()}, publicKey)
                .bytes();
        return ByteBuffer.wrap(hash).getInt();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key
                && name.equals(key.name)
                && type == key.type
                && Arrays.equals(publicKey, key.publicKey);
    }

    @Override
    public int hashCode() {
        return keyId;
    }

    /** The vkey text. */
    @Override
    public String toString() {
        byte[] typed = ByteBuffer.allocate(1 + publicKey.length)
                .put(type.code())
                .put(publicKey)
                .array();
        return name + "+" + HexFormat.of().toHexDigits(keyId) + "+" + Strict.base64(typed);
    }
}
