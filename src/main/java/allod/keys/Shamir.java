package allod.keys;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Divides a secret so that any {@code k} of {@code n} shares give it back and fewer say nothing of it: for each byte a
 * polynomial of degree {@code k - 1} over GF(2<sup>8</sup>) whose value at 0 is the byte (Shamir, 1979). The field is
 * that of AES, modulo x<sup>8</sup> + x<sup>4</sup> + x<sup>3</sup> + x + 1.
 *
 * <p>A share is u8 x, from 1, then a byte of the polynomial's value at x for each byte of the secret. No branch and no
 * index depends on a secret byte. A share is not authenticated: who recombines must check what comes out.
 */
final class Shamir {
    /** Most shares. */
    static final int MAX_SHARES = 255;

    private Shamir() {}

    /**
     * Divides a secret with polynomials drawn now.
     *
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     * @return n shares; the caller overwrites them after use
     * @throws IllegalArgumentException if k is not 1 to n or n above {@link #MAX_SHARES}
     */
    static byte[][] split(byte[] secret, int k, int n, RandomGenerator random) {
        if (k < 1 || k > n || n > MAX_SHARES) {
            throw new IllegalArgumentException("a secret cannot be divided " + k + " of " + n);
        }
        byte[][] coefficients = new byte[k][secret.length];
        coefficients[0] = secret.clone();
        for (int power = 1; power < k; power++) {
            random.nextBytes(coefficients[power]);
        }
        byte[][] shares = new byte[n][];
        for (int i = 0; i < n; i++) {
            shares[i] = share(coefficients, i + 1);
        }
        for (byte[] coefficient : coefficients) {
            Arrays.fill(coefficient, (byte) 0);
        }
        return shares;
    }

    /** The values at x, by Horner's rule. */
    private static byte[] share(byte[][] coefficients, int x) {
        byte[] share = new byte[1 + coefficients[0].length];
        share[0] = (byte) x;
        for (int at = 1; at < share.length; at++) {
            int value = 0;
            for (int power = coefficients.length - 1; power >= 0; power--) {
                value = multiply(value, x) ^ (coefficients[power][at - 1] & 0xff);
            }
            share[at] = (byte) value;
        }
        return share;
    }

    /**
     * The secret of the polynomials through these shares; with fewer than k, or a wrong one, it is another.
     *
     * @return the caller overwrites it after use
     * @throws IllegalArgumentException if there is none, two have the same x or another length, or an x is 0
     */
    static byte[] combine(List<byte[]> shares) {
        if (shares.isEmpty() || shares.getFirst().length < 2) {
            throw new IllegalArgumentException("there is no share to combine");
        }
        byte[] secret = new byte[shares.getFirst().length - 1];
        for (byte[] share : shares) {
            if (share.length != secret.length + 1) {
                throw new IllegalArgumentException("shares of different lengths");
            }
            int weight = weight(share[0] & 0xff, shares);
            for (int at = 0; at < secret.length; at++) {
                secret[at] ^= (byte) multiply(weight, share[at + 1] & 0xff);
            }
        }
        return secret;
    }

    /** Lagrange's coefficient at 0 of the share at x. The x are public. */
    private static int weight(int x, List<byte[]> shares) {
        int above = 1;
        int below = 1;
        int same = 0;
        for (byte[] other : shares) {
            int otherX = other[0] & 0xff;
            if (otherX == x) {
                same++;
            } else {
                above = multiply(above, otherX);
                below = multiply(below, otherX ^ x);
            }
        }
        if (same != 1 || x == 0) {
            throw new IllegalArgumentException("share " + x + " cannot be combined with these");
        }
        return multiply(above, inverse(below));
    }

    /** The product in the field, eight steps whatever the factors. */
    static int multiply(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int bit = 0; bit < 8; bit++) {
            product ^= shifted & -((b >>> bit) & 1);
            shifted = (shifted << 1) ^ (0x11b & -((shifted >>> 7) & 1));
        }
        return product;
    }

    /** The inverse: the power of 254, as that of 255 is 1 for all but 0. */
    static int inverse(int a) {
        int power = a;
        for (int i = 0; i < 6; i++) {
            power = multiply(multiply(power, power), a);
        }
        return multiply(power, power);
    }
}
