package allod.s3;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The digests of content that streams by: always the MD5 that becomes the ETag, and a checksum where one was asked for.
 * Computed on the calling thread; whoever computes them elsewhere does it behind this class.
 */
final class ContentDigests {
    private final MessageDigest md5 = ChecksumKind.digest("MD5");
    private final @Nullable ChecksumKind kind;
    private final ChecksumKind.@Nullable Running checksum;
    private long length;

    ContentDigests(Optional<ChecksumKind> kind) {
        this.kind = kind.orElse(null);
        this.checksum = this.kind == null ? null : this.kind.start();
    }

    void update(byte[] bytes, int offset, int count) {
        md5.update(bytes, offset, count);
        if (checksum != null) {
            checksum.update(bytes, offset, count);
        }
        length += count;
    }

    long length() {
        return length;
    }

    /** Ends the content. */
    Done done() {
        return new Done(
                md5.digest(),
                Optional.ofNullable(kind),
                Optional.ofNullable(checksum).map(running -> Base64.getEncoder().encodeToString(running.value())));
    }

    /**
     * What the content has.
     *
     * @param md5 16 bytes
     * @param checksum base64, under {@code kind}
     */
    record Done(byte[] md5, Optional<ChecksumKind> kind, Optional<String> checksum) {}
}
