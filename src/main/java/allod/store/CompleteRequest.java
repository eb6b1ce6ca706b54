package allod.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parts that make the object, in rising order, and what must hold.
 *
 * @param size the whole size the client expects, if it says one
 */
public record CompleteRequest(
        List<NamedPart> parts, WriteCondition condition, Optional<Checksum> expected, OptionalLong size) {
    /**
     * A part as the client names it.
     *
     * @param etag the ETag it was answered with, unquoted
     * @param checksum base64, if the client repeats it
     */
    public record NamedPart(int number, String etag, Optional<String> checksum) {}

    /** How the digests of parts make those of the whole; the store knows no MD5 and no CRC. */
    @FunctionalInterface
    public interface Joiner {
        Joined join(List<PartInfo> parts, Optional<Checksum.Plan> plan);
    }

    /** The joined object's tags. */
    public record Joined(ETag etag, Optional<Checksum> checksum) {}
}
