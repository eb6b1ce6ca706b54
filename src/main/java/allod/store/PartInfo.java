package allod.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One stored part of an upload.
 *
 * @param number 1 to 10,000
 * @param md5 16 bytes, the part's ETag; not to be changed
 * @param checksum base64, under the upload's algorithm
 */
public record PartInfo(int number, byte[] md5, long size, Instant lastModified, Optional<String> checksum) {
    public String etag() {
        return HexFormat.of().formatHex(md5);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartInfo part
                && number == part.number
                && size == part.size
                && Arrays.equals(md5, part.md5)
                && lastModified.equals(part.lastModified)
                && checksum.equals(part.checksum);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(md5) * 31 + number;
    }
}
