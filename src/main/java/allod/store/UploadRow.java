package allod.store;

import java.util.Optional;

/**
 * A multipart upload in progress (family {@code u}).
 *
 * @param slot the slot U under which its part keys are wrapped
 * @param order when it began
 * @param lock what the object is to be locked with, beside its bucket's standard
 */
record UploadRow(long slot, long order, Optional<Checksum.Plan> plan, ObjectLock lock) {
    UploadRow withOrder(long newOrder) {
        return new UploadRow(slot, newOrder, plan, lock);
    }

    byte[] encode() {
        var row = new RowWriter(32)
                .u8(1)
                .u64(slot)
                .u64(order)
                .u8(plan.map(p -> p.algorithm().code).orElse(0))
                .u8(plan.map(p -> p.type().code).orElse(0))
                .u8(lock.isNone() ? 0 : 1);
        if (!lock.isNone()) {
            lock.write(row);
        }
        return row.toBytes();
    }

    static UploadRow decode(byte[] value) {
        var row = new RowReader("u", value).format(1);
        long slot = row.u64();
        long order = row.u64();
        Optional<Checksum.Algorithm> algorithm = row.code(Checksum.Algorithm::stored);
        Optional<Checksum.Plan> plan = Optional.empty();
        if (algorithm.isPresent()) {
            plan = Optional.of(new Checksum.Plan(algorithm.get(), row.code(Checksum.Type::of)));
        } else {
            row.zero();
        }
        ObjectLock lock = row.flag() ? ObjectLock.read(row) : ObjectLock.NONE;
        row.end();
        return new UploadRow(slot, order, plan, lock);
    }
}
