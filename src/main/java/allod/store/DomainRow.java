package allod.store;

import allod.keys.OutstandingShare;
import allod.keys.RootRecord;
import java.util.List;
import java.util.Optional;

/**
 * Where a domain's key tree stands (family {@code K}).
 *
 * @param root the current generation's record
 * @param intent an erasure that was announced and not yet committed
 * @param replaced the record of the generation before, while its handles are being destroyed; empty once they are
 * @param lastReceipt hash of the evidence of the last finished erasure
 * @param outstanding what custodians that were away may still hold of older generations
 */
record DomainRow(
        RootRecord root,
        Optional<RootRecord.Intent> intent,
        Optional<RootRecord> replaced,
        Optional<byte[]> lastReceipt,
        List<OutstandingShare> outstanding) {

    DomainRow {
        outstanding = List.copyOf(outstanding);
    }

    DomainRow intending(RootRecord.Intent next) {
        return new DomainRow(root, Optional.of(next), replaced, lastReceipt, outstanding);
    }

    DomainRow committed(RootRecord next) {
        return new DomainRow(next, Optional.empty(), Optional.of(root), lastReceipt, outstanding);
    }

    DomainRow finished(byte[] receipt, List<OutstandingShare> left) {
        return new DomainRow(root, Optional.empty(), Optional.empty(), Optional.of(receipt), left);
    }

    DomainRow with(List<OutstandingShare> left) {
        return new DomainRow(root, intent, replaced, lastReceipt, left);
    }

    byte[] encode() {
        var row = new RowWriter(1024).u8(1).field32(root.encode());
        row.u8(intent.isPresent() ? 1 : 0);
        intent.ifPresent(it -> row.u64(it.attempt()).raw(it.label()));
        row.u8(replaced.isPresent() ? 1 : 0);
        replaced.ifPresent(it -> row.field32(it.encode()));
        row.u8(lastReceipt.isPresent() ? 1 : 0);
        lastReceipt.ifPresent(row::raw);
        StoredShares.write(row, outstanding);
        return row.toBytes();
    }

    static DomainRow decode(byte[] value) {
        var row = new RowReader("K", value).format(1);
        RootRecord root = RootRecord.parse(row.field32());
        Optional<RootRecord.Intent> intent = row.flag()
                ? Optional.of(new RootRecord.Intent(row.u64(), row.raw(RootRecord.Intent.LABEL_BYTES)))
                : Optional.empty();
        Optional<RootRecord> replaced = row.flag() ? Optional.of(RootRecord.parse(row.field32())) : Optional.empty();
        Optional<byte[]> lastReceipt = row.flag() ? Optional.of(row.raw(32)) : Optional.empty();
        List<OutstandingShare> outstanding = StoredShares.read(row);
        row.end();
        return new DomainRow(root, intent, replaced, lastReceipt, outstanding);
    }
}
