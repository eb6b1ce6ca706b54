package allod.store;

/**
 * What is to be looked at when its time comes (family {@code i}): a key, or under time 0 and the empty key all keys of a
 * bucket whose rules changed.
 *
 * @param bucket its name; where another bucket or none has it now there is nothing to do
 * @param position where the look goes on
 * @param after the key after which all keys are gone through further; empty for a look at one key
 */
record DueRow(BucketName bucket, Position position, byte[] after) {
    /**
     * How far a look at one key has come.
     *
     * @param below the order of the last row in {@code v} that was looked at, 0 at the beginning
     * @param newer how many versions that are not current stand above and stay
     */
    record Position(long below, int newer) {
        static final Position START = new Position(0, 0);

        boolean isStart() {
            return below == 0;
        }
    }

    static DueRow ofKey(BucketName bucket, Position position) {
        return new DueRow(bucket, position, new byte[0]);
    }

    static DueRow ofAll(BucketName bucket, byte[] after) {
        return new DueRow(bucket, Position.START, after);
    }

    byte[] encode() {
        return new RowWriter(32 + after.length)
                .u8(1)
                .text(bucket.value())
                .u64(position.below)
                .u32(position.newer)
                .field16(after)
                .toBytes();
    }

    static DueRow decode(byte[] value) {
        var row = new RowReader("i", value).format(1);
        BucketName bucket = row.checked(() -> new BucketName(row.text()));
        var due = new DueRow(bucket, new Position(row.u64(), row.u32()), row.field16());
        row.end();
        return due;
    }
}
