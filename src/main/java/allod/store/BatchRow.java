package allod.store;

import allod.base.TenantId;
import allod.keys.PageHeader;
import allod.log.Hash;
import allod.receipt.BatchEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all items of one erasure share (family {@code r}, ordinal 0), written with the erasure's commit and completed when
 * the handles are destroyed.
 *
 * @param count items of the batch
 * @param day the evidence period under which the items are sealed
 * @param pages the headers of the pages that the erasure wrote, with the hashes of their bodies
 * @param done empty until the erasure is finished
 */
record BatchRow(int count, long day, Hash itemsRoot, List<PageHeader.OnPath> pages, Optional<Done> done) {
    /**
     * How it ended.
     *
     * @param index where {@code erase.done} stands in the log
     * @param seq where it stands in the tenant's chain
     */
    record Done(BatchEvidence evidence, TenantId tenant, int log, long index, long seq) {}

    BatchRow done(Done end) {
        return new BatchRow(count, day, itemsRoot, pages, Optional.of(end));
    }

    byte[] encode() {
        var row = new RowWriter(4096).u8(1).u32(count).u32((int) day).raw(itemsRoot.bytes());
        row.u32(pages.size());
        pages.forEach(page -> row.field16(page.header().encode()).raw(page.bodyHash()));
        row.u8(done.isPresent() ? 1 : 0);
        done.ifPresent(end -> row.field32(end.evidence.encode())
                .u32(end.tenant.value())
                .u16(end.log)
                .u64(end.index)
                .u64(end.seq));
        return row.toBytes();
    }

    static BatchRow decode(byte[] value) {
        var row = new RowReader("r", value).format(1);
        int count = row.u32();
        long day = row.u32();
        Hash itemsRoot = Hash.of(row.raw(32));
        var pages = new ArrayList<PageHeader.OnPath>();
        for (int left = row.count(34); left > 0; left--) {
            pages.add(new PageHeader.OnPath(PageHeader.parse(row.field16()), row.raw(32)));
        }
        Optional<Done> done = row.flag()
                ? Optional.of(
                        new Done(BatchEvidence.parse(row.field32()), row.tenant(), row.u16(), row.u64(), row.u64()))
                : Optional.empty();
        row.end();
        return new BatchRow(count, day, itemsRoot, pages, done);
    }
}
