package allod.base;

/**
 * The number of an owner of data, unique in an installation and never used again.
 *
 * @param value 0 is the system itself, which owns no bucket; tenants count from 1 to 2<sup>31</sup> - 1
 */
public record TenantId(int value) implements Comparable<TenantId> {
    /** The system's own chain of events, and the owner of nothing. */
    public static final TenantId SYSTEM = new TenantId(0);

    public TenantId {
        if (value < 0) {
            throw new IllegalArgumentException("tenant " + value + " is below 0");
        }
    }

    @Override
    public int compareTo(TenantId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
