package allod.store;

/**
 * Gives out slot numbers, each once for ever. A domain's high-water mark is raised a million at a time, in custody first
 * and then in the map, so that not even an old copy of the map gives a number twice. Used on the sequencer's thread only.
 */
final class SlotAllocator {
    /** How far one raise of the mark goes. */
    static final long RAISE = 1L << 20;

    /** The marks as custody keeps them. */
    @FunctionalInterface
    interface HighWater {
        /** No slot of the domain from this one on was ever reserved; 0 where only one map ever raised it. */
        default long mark(int domain) {
            return 0;
        }

        /** Numbers that are left out, because another map may have used them: nothing is to be openable under them. */
        default void leaveOut(Transaction transaction, int domain, long from, long end) {}

        /** Makes a domain's mark durable in every custody mirror. */
        void raise(int domain, long mark);
    }

    private final HighWater custody;

    SlotAllocator(HighWater custody) {
        this.custody = custody;
    }

    /** A slot to be named by a row of the same transaction. */
    long allocate(Transaction transaction, int domain) {
        return take(transaction, domain, 1);
    }

    /**
     * Numbers for writers of one bucket, which name them later: the reservation's row stays until each is named or
     * queued for erasure.
     *
     * @return the first of {@code count} numbers
     */
    long reserve(Transaction transaction, int domain, long bucketId, int count) {
        long from = take(transaction, domain, count);
        byte[] row = new RowWriter(9).u8(1).u64(from + count).toBytes();
        transaction.put(MapKey.reservation(domain, bucketId, from), row);
        return from;
    }

    private long take(Transaction transaction, int domain, int count) {
        byte[] row = transaction.get(MapKey.highWater(domain));
        long next = 0;
        long mark = 0;
        if (row != null) {
            var reader = new RowReader("x", row).format(1);
            next = reader.u64();
            mark = reader.u64();
            reader.end();
        }
        if (mark - next < count) {
            // Where custody's mark is higher, another copy of this map was restored and given up, so that its numbers
            // are
            // used; or a crash came between custody's mark and the map's, which looks the same.
            long known = custody.mark(domain);
            if (known > mark) {
                custody.leaveOut(transaction, domain, next, known);
                next = known;
            }
            mark = Math.max(known, mark) + RAISE;
            // Where custody fails nothing may be written after: the process ends.
            custody.raise(domain, mark);
        }
        transaction.put(
                MapKey.highWater(domain),
                new RowWriter(17).u8(1).u64(next + count).u64(mark).toBytes());
        return next;
    }
}
