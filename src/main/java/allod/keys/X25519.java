package allod.keys;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/**
 * The function X25519 on 32-byte strings.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7748#section-5">RFC 7748, section 5</a>
 */
final class X25519 {
    static final int BYTES = 32;
    private static final byte[] BASE_POINT = new byte[BYTES];

    static {
        BASE_POINT[0] = 9;
    }

    private X25519() {}

    /** The public key of a private one. */
    static byte[] publicKey(byte[] privateKey) {
        try {
            return agree(privateKey, BASE_POINT);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException("the base point was refused", impossible);
        }
    }

    /**
     * The shared secret of a private and a public key.
     *
     * @throws InvalidKeyException if the public key is of small order, so that everybody knows the secret
     */
    static byte[] agree(byte[] privateKey, byte[] publicKey) throws InvalidKeyException {
        Lengths.exactly(privateKey, BYTES, "an X25519 private key");
        Lengths.exactly(publicKey, BYTES, "an X25519 public key");
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
            agreement.doPhase(
                    keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, coordinate(publicKey))), true);
            byte[] secret = agreement.generateSecret();
            int any = 0;
            for (byte b : secret) {
                any |= b;
            }
            if (any == 0) {
                throw new InvalidKeyException("the public key is of small order");
            }
            return secret;
        } catch (InvalidKeyException smallOrder) {
            throw smallOrder;
        } catch (GeneralSecurityException | IllegalStateException missing) {
            throw new IllegalStateException("this Java runtime lacks X25519", missing);
        }
    }

    /** Little-endian, the highest bit ignored. */
    private static BigInteger coordinate(byte[] publicKey) {
        byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[i] = publicKey[BYTES - 1 - i];
        }
        bigEndian[0] &= 0x7f;
        return new BigInteger(1, bigEndian);
    }
}
