package allod.s3;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME: polynomial 0xAD93D23594C93659, reflected, all ones before and after; of {@code 123456789} it is
 * 0xAE8B14860A799888. Takes eight bytes a step by eight tables.
 *
 * @see <a href="https://nvmexpress.org/specifications/">NVM Express NVM Command Set specification, 64b CRC</a>
 */
final class Crc64Nvme implements Checksum {
    /** The polynomial with its bits reversed. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LITTLE_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** {@code TABLES[n][b]}: what byte b adds when n further bytes follow it. */
    private static final long[][] TABLES = tables();

    private long crc = ~0L;

    private static long[][] tables() {
        var tables = new long[8][256];
        for (int b = 0; b < 256; b++) {
            long value = b;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
            }
            tables[0][b] = value;
        }
        for (int n = 1; n < 8; n++) {
            for (int b = 0; b < 256; b++) {
                long before = tables[n - 1][b];
                tables[n][b] = (before >>> 8) ^ tables[0][(int) before & 0xff];
            }
        }
        return tables;
    }

    @Override
    public void update(int b) {
        crc = (crc >>> 8) ^ TABLES[0][((int) crc ^ b) & 0xff];
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        long value = crc;
        int position = offset;
        int end = offset + length;
        long[] t0 = TABLES[0];
        long[] t1 = TABLES[1];
        long[] t2 = TABLES[2];
        long[] t3 = TABLES[3];
        long[] t4 = TABLES[4];
        long[] t5 = TABLES[5];
        long[] t6 = TABLES[6];
        long[] t7 = TABLES[7];
        while (end - position >= 8) {
            value ^= (long) LITTLE_LONG.get(bytes, position);
            value = t7[(int) value & 0xff]
                    ^ t6[(int) (value >>> 8) & 0xff]
                    ^ t5[(int) (value >>> 16) & 0xff]
                    ^ t4[(int) (value >>> 24) & 0xff]
                    ^ t3[(int) (value >>> 32) & 0xff]
                    ^ t2[(int) (value >>> 40) & 0xff]
                    ^ t1[(int) (value >>> 48) & 0xff]
                    ^ t0[(int) (value >>> 56)];
            position += 8;
        }
        while (position < end) {
            value = (value >>> 8) ^ t0[((int) value ^ bytes[position++]) & 0xff];
        }
        crc = value;
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = ~0L;
    }
}
