package allod.store;

import java.util.Optional;

/**
 * A multipart upload in progress (family {@code u}).
 *
 * @param slot the slot U under which its part keys are wrapped
 * @param order when it began
 */
record UploadRow(long slot, long order, Optional<Checksum.Plan> plan) {
    byte[] encode() {
        return new RowWriter(20)
                .u8(1)
                .u64(slot)
                .u64(order)
                .u8(plan.map(p -> p.algorithm().code).orElse(0))
                .u8(plan.map(p -> p.type().code).orElse(0))
                .toBytes();
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
        row.end();
        return new UploadRow(slot, order, plan);
    }
}
