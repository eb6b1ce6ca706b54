package allod.store;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The name of a multipart upload: 16 random bytes, printed as 32 lower-case hex digits. */
public record UploadId(byte[] bytes) {
    public UploadId {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("an upload id has 16 bytes");
        }
        bytes = bytes.clone();
    }

    public static Optional<UploadId> parse(String text) {
        return text.length() == 32 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                ? Optional.of(new UploadId(HexFormat.of().parseHex(text)))
                : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UploadId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
