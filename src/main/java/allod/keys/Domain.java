package allod.keys;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An erasure domain: what has a key tree of its own. Every derivation and every authenticated byte names it by its id,
 * so that keys and pages of one installation mean nothing in another; rows name it by its number.
 *
 * @param number the local number, 0 to 2<sup>31</sup> - 1, never used for another domain
 * @param id 16 random bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
public record Domain(int number, byte[] id) {
    /** @throws IllegalArgumentException if a component breaks its rule */
    public Domain {
        if (number < 0) {
            throw new IllegalArgumentException("domain number " + number + " is below 0");
        }
        if (id.length != PageHeader.DOMAIN_BYTES) {
            throw new IllegalArgumentException("a domain's id has 16 bytes, not " + id.length);
        }
        id = id.clone();
    }

    @Override
    public byte[] id() {
        return id.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Domain that && number == that.number && Arrays.equals(id, that.id);
    }

    @Override
    public int hashCode() {
        return 31 * number + Arrays.hashCode(id);
    }

    @Override
    public String toString() {
        return "domain " + number + " (" + HexFormat.of().formatHex(id) + ")";
    }
}
