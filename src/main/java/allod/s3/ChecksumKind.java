package allod.s3;

import allod.store.Checksum;
import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What S3's checksum algorithms are called, how long they are, and how each is computed and joined. */
enum ChecksumKind {
    CRC32(Checksum.Algorithm.CRC32, 4),
    CRC32C(Checksum.Algorithm.CRC32C, 4),
    CRC64NVME(Checksum.Algorithm.CRC64NVME, 8),
    SHA1(Checksum.Algorithm.SHA1, 20),
    SHA256(Checksum.Algorithm.SHA256, 32),
    SHA512(Checksum.Algorithm.SHA512, 64),
    MD5(Checksum.Algorithm.MD5, 16),
    XXHASH64(Checksum.Algorithm.XXHASH64, 8),
    XXHASH3(Checksum.Algorithm.XXHASH3, 8),
    XXHASH128(Checksum.Algorithm.XXHASH128, 16);

    /** All of them, for messages. */
    static final String NAMES = "CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3 and XXHASH128";

    private static final ChecksumKind[] ALL = values();

    private final Checksum.Algorithm algorithm;
    private final int length;
    private final String header;
    private final String element;

    ChecksumKind(Checksum.Algorithm algorithm, int length) {
        this.algorithm = algorithm;
        this.length = length;
        this.header = "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
        this.element = "Checksum" + name();
    }

    /** A checksum under way. */
    sealed interface Running {
        void update(byte[] bytes, int offset, int length);

        /** The value over all that was given. */
        byte[] value();
    }

    private record OfCrc(java.util.zip.Checksum crc, int length) implements Running {
        @Override
        public void update(byte[] bytes, int offset, int count) {
            crc.update(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return bytes(crc.getValue(), length);
        }
    }

    private record OfDigest(MessageDigest digest) implements Running {
        @Override
        public void update(byte[] bytes, int offset, int count) {
            digest.update(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return digest.digest();
        }
    }

    /** XXHash values stand in their canonical form, the highest byte first. */
    private record OfXxHash64(HashStream64 stream) implements Running {
        @Override
        public void update(byte[] bytes, int offset, int count) {
            stream.putBytes(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return bytes(stream.getAsLong(), Long.BYTES);
        }
    }

    private record OfXxHash128(HashStream128 stream) implements Running {
        @Override
        public void update(byte[] bytes, int offset, int count) {
            stream.putBytes(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            HashValue128 value = stream.get();
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array();
        }
    }

    static ChecksumKind of(Checksum.Algorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> CRC32;
            case CRC32C -> CRC32C;
            case CRC64NVME -> CRC64NVME;
            case SHA1 -> SHA1;
            case SHA256 -> SHA256;
            case SHA512 -> SHA512;
            case MD5 -> MD5;
            case XXHASH64 -> XXHASH64;
            case XXHASH3 -> XXHASH3;
            case XXHASH128 -> XXHASH128;
        };
    }

    /** The kind of this name, whatever its case; empty if there is none. */
    static Optional<ChecksumKind> named(String name) {
        for (ChecksumKind kind : ALL) {
            if (kind.name().equalsIgnoreCase(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    Checksum.Algorithm algorithm() {
        return algorithm;
    }

    /** The header that bears a value, such as {@code x-amz-checksum-crc32}. */
    String header() {
        return header;
    }

    /** The element that bears a value, such as {@code ChecksumCRC32}. */
    String element() {
        return element;
    }

    Running start() {
        return switch (this) {
            case CRC32 -> new OfCrc(new CRC32(), length);
            case CRC32C -> new OfCrc(new CRC32C(), length);
            case CRC64NVME -> new OfCrc(new Crc64Nvme(), length);
            case SHA1 -> new OfDigest(digest("SHA-1"));
            case SHA256 -> new OfDigest(digest("SHA-256"));
            case SHA512 -> new OfDigest(digest("SHA-512"));
            case MD5 -> new OfDigest(digest("MD5"));
            case XXHASH64 -> new OfXxHash64(Hashing.xxh64().hashStream());
            case XXHASH3 -> new OfXxHash64(Hashing.xxh3_64().hashStream());
            case XXHASH128 -> new OfXxHash128(Hashing.xxh3_128().hashStream());
        };
    }

    private @Nullable CrcJoin join() {
        return switch (this) {
            case CRC32 -> CrcJoin.CRC32;
            case CRC32C -> CrcJoin.CRC32C;
            case CRC64NVME -> CrcJoin.CRC64NVME;
            case SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3, XXHASH128 -> null;
        };
    }

    /** Whether the value of a whole can be computed from the values of its parts. */
    boolean joins() {
        return join() != null;
    }

    /** What S3 takes for an upload that names no type. */
    Checksum.Type usualType() {
        return this == CRC64NVME ? Checksum.Type.FULL_OBJECT : Checksum.Type.COMPOSITE;
    }

    /** Whether an upload may have this type: composite ones exist of all but CRC64NVME, whole ones of CRCs. */
    boolean allows(Checksum.Type type) {
        return switch (type) {
            case FULL_OBJECT -> joins();
            case COMPOSITE -> this != CRC64NVME;
        };
    }

    /** The kind whose value a header of this name, whatever its case, would bear. */
    static Optional<ChecksumKind> ofHeader(String name) {
        for (ChecksumKind kind : ALL) {
            if (kind.header.equalsIgnoreCase(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The bytes of a value in canonical base64; empty if it is not one of this kind's length. */
    Optional<byte[]> parse(String base64) {
        try {
            byte[] value = Base64.getDecoder().decode(base64);
            return value.length == length
                            && Base64.getEncoder().encodeToString(value).equals(base64)
                    ? Optional.of(value)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The value of a whole from its parts' values. Only where {@link #joins}. */
    byte[] joinWhole(List<byte[]> values, List<Long> lengths) {
        CrcJoin join = join();
        if (join == null) {
            throw new IllegalStateException(this + " of a whole is not that of its parts joined");
        }
        var pieces = new ArrayList<CrcJoin.Piece>(values.size());
        for (int i = 0; i < values.size(); i++) {
            pieces.add(new CrcJoin.Piece(number(values.get(i)), lengths.get(i)));
        }
        return bytes(join.join(pieces), length);
    }

    /** The checksum over the parts' values, one after the other. */
    byte[] joinComposite(List<byte[]> values) {
        Running running = start();
        for (byte[] value : values) {
            running.update(value, 0, value.length);
        }
        return running.value();
    }

    private static byte[] bytes(long value, int length) {
        byte[] eight = ByteBuffer.allocate(8).putLong(value).array();
        return Arrays.copyOfRange(eight, 8 - length, 8);
    }

    private static long number(byte[] value) {
        long number = 0;
        for (byte b : value) {
            number = number << 8 | (b & 0xff);
        }
        return number;
    }

    static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
