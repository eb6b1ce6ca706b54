package allod.store;

import java.util.Optional;

/**
 * A checksum the client asked to keep with an object.
 *
 * @param value base64 as S3 prints it, for a composite one followed by {@code -N} for N parts
 */
public record Checksum(Algorithm algorithm, Type type, String value) {
    /** The algorithms of S3 that are kept, each with its stored code. */
    public enum Algorithm {
        CRC32(1),
        CRC32C(2),
        CRC64NVME(3),
        SHA1(4),
        SHA256(5),
        SHA512(6),
        MD5(7),
        XXHASH64(8),
        XXHASH3(9),
        XXHASH128(10);

        final int code;

        Algorithm(int code) {
            this.code = code;
        }

        /** Of a row's byte, where 0 stands for none. */
        static Optional<Algorithm> stored(int code) {
            return code == 0 ? Optional.empty() : Optional.of(of(code));
        }

        static Algorithm of(int code) {
            for (Algorithm algorithm : values()) {
                if (algorithm.code == code) {
                    return algorithm;
                }
            }
            throw new IllegalArgumentException("no checksum has the code " + code);
        }
    }

    /** Whether the value covers the whole content or the parts' checksums. */
    public enum Type {
        FULL_OBJECT(1),
        COMPOSITE(2);

        final int code;

        Type(int code) {
            this.code = code;
        }

        static Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IllegalArgumentException("no type of checksum has the code " + code);
        }
    }

    /** What an upload's parts will carry and how they will be joined. */
    public record Plan(Algorithm algorithm, Type type) {}
}
