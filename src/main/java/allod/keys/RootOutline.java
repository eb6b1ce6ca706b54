package allod.keys;

import java.util.Arrays;
import java.util.List;

/**
 * A root record without what its custodians wrapped: each wrapped key is replaced by its SHA-256. The hash that names a
 * record is that of its outline, so a receipt can show who held the old root without carrying its wraps on.
 */
public final class RootOutline {
    private final RootRecord digests;

    private RootOutline(RootRecord digests) {
        this.digests = digests;
    }

    static RootOutline of(RootRecord record) {
        return new RootOutline(record.withWraps(record.wraps().stream()
                .map(wrap -> new RootRecord.Wrap(wrap.custodian(), wrap.handle(), Sha256.of(wrap.wrapped())))
                .toList()));
    }

    /**
     * Reads an outline.
     *
     * @throws IllegalArgumentException if the bytes are not the one encoding of an outline
     */
    public static RootOutline parse(byte[] bytes) {
        RootRecord read = RootRecord.parse(bytes, RootRecord.OUTLINE_MAGIC);
        if (read.wraps().stream().anyMatch(wrap -> wrap.wrapped().length != PageHeader.HASH_BYTES)) {
            throw new IllegalArgumentException("an outline holds a hash of 32 bytes for each wrapped key");
        }
        return new RootOutline(read);
    }

    public byte[] encode() {
        return digests.encode(RootRecord.OUTLINE_MAGIC);
    }

    /** SHA-256 of the encoding: the record's own name. */
    public byte[] hash() {
        return Sha256.of(encode());
    }

    public byte[] domain() {
        return digests.domain();
    }

    public long generation() {
        return digests.generation();
    }

    public CustodyPlan plan() {
        return digests.plan();
    }

    /** Who held the root's key or a share of it, with their handles; in place of the wrapped key stands its hash. */
    public List<RootRecord.Wrap> wraps() {
        return digests.wraps();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RootOutline that && digests.equals(that.digests);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "outline of " + digests;
    }
}
