package allod.store;

import allod.keys.OutstandingShare;
import allod.keys.RootRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a domain's key tree stands (family {@code K}).
 *
 * @param root the current generation's record
 * @param intent an erasure that was announced and not yet committed
 * @param replaced the record of the generation before, while its handles are being destroyed; empty once they are
 * @param lastReceipt hash of the evidence of the last finished erasure
 * @param outstanding what custodians that were away may still hold of older generations, as {@link StoredShares} bounds it
 * @param abandoned attempts that were given up and that custodians may still open, the latest excepted: custody holds it
 */
record DomainRow(
        RootRecord root,
        Optional<RootRecord.Intent> intent,
        Optional<RootRecord> replaced,
        Optional<byte[]> lastReceipt,
        List<OutstandingShare> outstanding,
        List<RootRecord> abandoned) {

    DomainRow {
        outstanding = StoredShares.bounded(outstanding);
        abandoned = List.copyOf(abandoned);
    }

    /** A domain that was just made. */
    static DomainRow made(RootRecord root) {
        return new DomainRow(root, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    /** The next attempt overwrites in custody the one that was given up last, so from here on the row knows it. */
    DomainRow intending(RootRecord.Intent next, List<RootRecord> givenUp) {
        return new DomainRow(root, Optional.of(next), replaced, lastReceipt, outstanding, givenUp);
    }

    DomainRow committed(RootRecord next) {
        return new DomainRow(next, Optional.empty(), Optional.of(root), lastReceipt, outstanding, abandoned);
    }

    DomainRow finished(byte[] receipt, List<OutstandingShare> left) {
        return new DomainRow(root, Optional.empty(), Optional.empty(), Optional.of(receipt), left, List.of());
    }

    DomainRow with(List<OutstandingShare> left) {
        return with(left, abandoned);
    }

    DomainRow with(List<OutstandingShare> left, List<RootRecord> givenUp) {
        return new DomainRow(root, intent, replaced, lastReceipt, left, givenUp);
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
        row.u8(abandoned.size());
        abandoned.forEach(it -> row.field32(it.encode()));
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
        List<RootRecord> abandoned = new ArrayList<>();
        for (int count = row.u8(); count > 0; count--) {
            abandoned.add(RootRecord.parse(row.field32()));
        }
        row.end();
        return new DomainRow(root, intent, replaced, lastReceipt, outstanding, abandoned);
    }
}
