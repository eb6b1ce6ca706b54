package allod.s3;

import java.util.List;

/**
 * Joins the CRCs of neighbouring pieces to the CRC of the whole: the CRC of {@code AB} is the CRC of A times x to the
 * power of the bits of B, modulo the polynomial, plus the CRC of B. Polynomials over GF(2) are reflected: the highest bit
 * is the coefficient of x to the power 0.
 */
final class CrcJoin {
    static final CrcJoin CRC32 = new CrcJoin(32, 0xEDB88320L);
    static final CrcJoin CRC32C = new CrcJoin(32, 0x82F63B78L);
    static final CrcJoin CRC64NVME = new CrcJoin(64, Crc64Nvme.POLYNOMIAL);

    private final long one;
    private final long polynomial;

    /** {@code squares[k]} is x to the power 2<sup>k</sup>. */
    private final long[] squares = new long[64];

    private CrcJoin(int width, long polynomial) {
        this.one = 1L << (width - 1);
        this.polynomial = polynomial;
        squares[0] = one >>> 1;
        for (int k = 1; k < squares.length; k++) {
            squares[k] = times(squares[k - 1], squares[k - 1]);
        }
    }

    /** One piece: its CRC and its length in bytes. */
    record Piece(long crc, long length) {}

    long join(List<Piece> pieces) {
        long crc = 0;
        for (Piece piece : pieces) {
            crc = times(xToThe8(piece.length()), crc) ^ piece.crc();
        }
        return crc;
    }

    /** x to the power of 8 times the length. */
    private long xToThe8(long length) {
        long power = one;
        int k = 3;
        for (long rest = length; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                power = times(squares[k], power);
            }
            k++;
        }
        return power;
    }

    private long times(long a, long b) {
        long product = 0;
        long factor = b;
        for (long bit = one; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? (factor >>> 1) ^ polynomial : factor >>> 1;
        }
        return product;
    }
}
