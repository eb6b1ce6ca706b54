package allod.log;

/** The signature algorithms of a note, by the byte that stands before the public key. */
public enum SignatureType {
    /** Ed25519 over the note's text. */
    ED25519(0x01, 32, 64),
    /** A witness's cosignature: time, then Ed25519 over the time and the note's text. Does not sign the name. */
    COSIGNATURE_ED25519(0x04, 32, 8 + 64),
    /** A cosignature: time, then ML-DSA-44 over cosigner name, time, origin, size and root. */
    COSIGNATURE_ML_DSA_44(0x06, 1312, 8 + 2420);

    private final int code;
    private final int publicKeyBytes;
    private final int signatureBytes;

    SignatureType(int code, int publicKeyBytes, int signatureBytes) {
        this.code = code;
        this.publicKeyBytes = publicKeyBytes;
        this.signatureBytes = signatureBytes;
    }

    byte code() {
        return (byte) code;
    }

    int publicKeyBytes() {
        return publicKeyBytes;
    }

    /** Length of what follows the key id in a signature line. */
    int signatureBytes() {
        return signatureBytes;
    }

    /** Whether its signatures say when they were made. */
    public boolean isCosignature() {
        return this != ED25519;
    }

    static SignatureType of(byte code) {
        for (SignatureType type : values()) {
            if (type.code() == code) {
                return type;
            }
        }
        throw new MalformedException("signature type 0x%02x is not known".formatted(code));
    }
}
