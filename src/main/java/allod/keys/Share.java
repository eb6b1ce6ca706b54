package allod.keys;

import allod.base.Problem;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * One more way to a content key, for a party in escrow: an envelope under a slot of its own, whose access secret is sealed
 * to the party's key. To open it takes both halves: the slot's secret, which comes from the root's custodians and is gone
 * once the slot was erased, and the party's private key.
 *
 * @param sealedAccessSecret 80 bytes: the encapsulated key, then 32 encrypted bytes and their tag
 */
public record Share(Envelope envelope, byte[] sealedAccessSecret) {
    /** Bytes of a sealed access secret. */
    public static final int SEALED_BYTES = 32 + Hpke.OVERHEAD;

    private static final int ACCESS_SECRET_BYTES = 32;
    private static final byte[] INFO = "allod/v1/escrow".getBytes(StandardCharsets.US_ASCII);

    /** @throws IllegalArgumentException if the sealed secret has another length */
    public Share {
        sealedAccessSecret = Lengths.exactly(sealedAccessSecret, SEALED_BYTES, "a sealed access secret")
                .clone();
    }

    /**
     * Wraps a content key once more, under a fresh access secret that only the recipient can open.
     *
     * @param slotSecret of the share's own slot
     * @param binding the object's, as of its first envelope
     */
    public static Share make(
            ContentKey contentKey,
            byte[] slotSecret,
            EnvelopeBinding binding,
            EscrowKey recipient,
            SecureRandom random) {
        byte[] access = new byte[ACCESS_SECRET_BYTES];
        random.nextBytes(access);
        try {
            byte[] sealed = Hpke.seal(recipient.bytes(), INFO, binding.info(), access, random);
            return new Share(
                    Envelope.wrap(contentKey, slotSecret, access, binding, random)
                            .envelope(),
                    sealed);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException("a checked key was refused", impossible);
        } finally {
            Arrays.fill(access, (byte) 0);
        }
    }

    /**
     * What the recipient does with the slot's secret, which the custodians' side yields.
     *
     * @param privateKey the recipient's 32 bytes
     * @throws Problem DAMAGED if slot, key or object is not the share's, or it was changed
     */
    public ContentKey open(byte[] slotSecret, byte[] privateKey, EnvelopeBinding binding) {
        byte[] access = {};
        try {
            access = Hpke.open(privateKey, INFO, binding.info(), sealedAccessSecret);
            return envelope.open(slotSecret, access, binding);
        } catch (AEADBadTagException forged) {
            throw Envelope.damaged("The access secret is sealed to another key, or for another object.");
        } finally {
            Arrays.fill(access, (byte) 0);
        }
    }

    @Override
    public byte[] sealedAccessSecret() {
        return sealedAccessSecret.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Share that
                && envelope.equals(that.envelope)
                && Arrays.equals(sealedAccessSecret, that.sealedAccessSecret);
    }

    @Override
    public int hashCode() {
        return envelope.hashCode();
    }

    @Override
    public String toString() {
        return "Share[]";
    }
}
