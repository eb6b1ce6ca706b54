package allod.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * An Ed25519 private key that signs notes under a name: a log's own signatures, or a witness's cosignatures. Never one
 * key for both, nor for two witnesses: a cosignature does not sign the witness's name. Safe for use by many threads.
 */
public final class NoteSigner {
    public static final int SEED_BYTES = Signatures.SEED_BYTES;

    private static final String SKEY_START = "PRIVATE+KEY+";

    private final VerifierKey verifierKey;
    private final byte[] seed;
    private final PrivateKey privateKey;

    private NoteSigner(String name, SignatureType type, byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length);
        }
        this.seed = seed.clone();
        this.privateKey = Signatures.ed25519PrivateKey(this.seed);
        this.verifierKey = VerifierKey.of(name, type, Signatures.ed25519PublicKey(this.seed));
    }

    /**
     * A log's signer.
     *
     * @param name the log's origin
     * @param seed the 32 bytes of RFC 8032, to be kept as a secret
     * @throws IllegalArgumentException if the name has spaces or a plus, or the seed not 32 bytes
     */
    public static NoteSigner ofLog(String name, byte[] seed) {
        return new NoteSigner(name, SignatureType.ED25519, seed);
    }

    /**
     * A witness's signer.
     *
     * @throws IllegalArgumentException if the name has spaces or a plus, or the seed not 32 bytes
     */
    public static NoteSigner ofWitness(String name, byte[] seed) {
        return new NoteSigner(name, SignatureType.COSIGNATURE_ED25519, seed);
    }

    public static byte[] newSeed(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return seed;
    }

    /**
     * Reads a private key.
     *
     * @throws MalformedException unless it is the text that {@link #skey} writes; the message never shows it
     */
    public static NoteSigner parse(String skey) {
        String[] parts = skey.startsWith(SKEY_START)
                ? skey.substring(SKEY_START.length()).split("\\+", 3)
                : new String[0];
        if (skey.length() > 4096 || parts.length != 3) {
            throw new MalformedException("not a private key: it does not read PRIVATE+KEY+name+id+key");
        }
        byte[] typed;
        try {
            typed = Base64.getDecoder().decode(parts[2]);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a private key: its key is not base64");
        }
        if (typed.length != 1 + SEED_BYTES) {
            throw new MalformedException("not a private key: its key has not 33 bytes");
        }
        SignatureType type = SignatureType.of(typed[0]);
        if (type == SignatureType.COSIGNATURE_ML_DSA_44 || !Strict.isKeyName(parts[0])) {
            throw new MalformedException("not a private key: its type or its name is not one of Ed25519");
        }
        NoteSigner signer = new NoteSigner(parts[0], type, Arrays.copyOfRange(typed, 1, typed.length));
        if (!signer.skey().equals(skey)) {
            throw new MalformedException("not a private key: its id does not belong to it");
        }
        return signer;
    }

    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /** The private key as text, a secret: {@code PRIVATE+KEY+name+hex8(keyId)+base64(type || seed)}. */
    public String skey() {
        byte[] typed = ByteBuffer.allocate(1 + SEED_BYTES)
                .put(verifierKey.type().code())
                .put(seed)
                .array();
        return SKEY_START + verifierKey.name() + "+" + HexFormat.of().toHexDigits(verifierKey.keyId()) + "+"
                + Strict.base64(typed);
    }

    /**
     * Signs a note's text as a log.
     *
     * @throws IllegalStateException if this is a witness's signer
     */
    public SignedNote sign(String text) {
        require(SignatureType.ED25519);
        byte[] signature = Signatures.signEd25519(privateKey, text.getBytes(StandardCharsets.UTF_8));
        return new SignedNote(
                text, List.of(new SignedNote.Signature(verifierKey.name(), verifierKey.keyId(), signature)));
    }

    /**
     * Cosigns a checkpoint's text as a witness.
     *
     * @param time when, to the second; from 1970 on
     * @throws IllegalStateException if this is a log's signer
     */
    public SignedNote.Signature cosign(String text, Instant time) {
        require(SignatureType.COSIGNATURE_ED25519);
        long seconds = time.getEpochSecond();
        if (seconds < 0) {
            throw new IllegalArgumentException("a cosignature of " + time + " is before 1970");
        }
        byte[] signature = Signatures.signEd25519(privateKey, Cosignatures.ed25519Message(seconds, text));
        byte[] timed = ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array();
        return new SignedNote.Signature(verifierKey.name(), verifierKey.keyId(), timed);
    }

    private void require(SignatureType type) {
        if (verifierKey.type() != type) {
            throw new IllegalStateException("the key of " + verifierKey.name() + " is for " + verifierKey.type());
        }
    }

    /** The public key only. */
    @Override
    public String toString() {
        return "NoteSigner[" + verifierKey + "]";
    }
}
