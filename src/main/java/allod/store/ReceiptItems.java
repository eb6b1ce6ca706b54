package allod.store;

import allod.keys.PageHeader;
import allod.keys.SecretBox;
import allod.log.Hash;
import allod.receipt.ErasureReason;
import allod.receipt.ItemTree;
import allod.receipt.ReceiptId;
import allod.receipt.ReceiptItem;
import allod.store.ErasureQueue.Entry;
import allod.store.engine.BlobName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What an erasure writes down of each thing it erases, before the rows that tell of it are gone. Items stand sealed under
 * the day's evidence period: the log and the receipts of neighbours show none of a name.
 */
final class ReceiptItems {
    private final Ground ground;
    private final String origin;

    ReceiptItems(Ground ground, String origin) {
        this.ground = ground;
        this.origin = origin;
    }

    /** The items of one domain in one round, in the order the clients asked. */
    record Prepared(
            List<ReceiptItem> items,
            Map<ErasureQueue.Ref, List<BlobName>> blobs,
            Map<ErasureQueue.Ref, List<Long>> slots,
            List<ErasureQueue.Ref> order) {
        /** The slots of an entry, and those of the envelopes that parties in escrow have of the same version. */
        LongStream slotsOf(Entry entry) {
            List<Long> all = slots.get(entry.ref());
            return all == null ? entry.slots() : all.stream().mapToLong(Long::longValue);
        }

        List<BlobName> blobsOf(Entry entry) {
            return blobs.getOrDefault(entry.ref(), List.of());
        }

        Map<ErasureQueue.Ref, ReceiptId> receipts(int domain, long generation) {
            Map<ErasureQueue.Ref, ReceiptId> receipts = new HashMap<>();
            for (int i = 0; i < order.size(); i++) {
                receipts.put(order.get(i), new ReceiptId(domain, generation, i));
            }
            return receipts;
        }
    }

    /** Reads what is known of each entry. Costs a read an entry, on the gate's thread. */
    Prepared prepare(int domain, List<Entry> entries) {
        List<ReceiptItem> items = new ArrayList<>(entries.size());
        List<ErasureQueue.Ref> order = new ArrayList<>(entries.size());
        Map<ErasureQueue.Ref, List<BlobName>> blobs = new HashMap<>();
        Map<ErasureQueue.Ref, List<Long>> slots = new HashMap<>();
        for (Entry entry : entries) {
            byte[] value = ground.map().get(MapKey.slot(domain, entry.slot()));
            Optional<SlotRow> row = Optional.ofNullable(value).map(SlotRow::decode);
            row.ifPresent(it -> blobs.put(entry.ref(), it.blobs()));
            row.filter(it -> !it.shareSlots().isEmpty())
                    .ifPresent(it -> slots.put(entry.ref(), withShares(domain, entry.slot(), it)));
            if (isUnnamed(entry.row().reason())) {
                // Numbers that were reserved, or given out after the copy: there is nothing to tell of them.
                continue;
            }
            byte[] salt = new byte[ReceiptItem.SALT_BYTES];
            ground.random().nextBytes(salt);
            items.add(new ReceiptItem(
                    entry.row().bucket().getBytes(StandardCharsets.UTF_8),
                    entry.key(),
                    entry.row().order(),
                    entry.row().size(),
                    row.map(SlotRow::floeHash).filter(ReceiptItems::isHash).map(Hash::of),
                    slots.getOrDefault(entry.ref(), List.of(entry.slot())),
                    entry.row().reason(),
                    salt));
            order.add(entry.ref());
        }
        return new Prepared(items, blobs, slots, order);
    }

    /** A share that was revoked before has no slot any more. */
    private List<Long> withShares(int domain, long slot, SlotRow row) {
        List<Long> slots = new ArrayList<>();
        slots.add(slot);
        for (long share : row.shareSlots()) {
            if (ground.map().get(MapKey.slot(domain, share)) != null) {
                slots.add(share);
            }
        }
        return slots;
    }

    private static boolean isUnnamed(ErasureReason reason) {
        return reason == ErasureReason.ORPHAN || reason == ErasureReason.LOST_IN_RESTORE;
    }

    private static boolean isHash(byte[] hash) {
        for (byte b : hash) {
            if (b != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes items and the batch's row, in the erasure's own commit.
     *
     * @param onPath at least the pages on the way to each item's slots
     */
    void write(
            Transaction transaction,
            int domain,
            long generation,
            Prepared batch,
            Collection<PageHeader.OnPath> onPath) {
        if (batch.items.isEmpty()) {
            return;
        }
        byte[] key = transaction.periodKey(domain, EventClass.EVIDENCE);
        long day = PeriodKeys.day(Order.micros(transaction.now()));
        List<Hash> commitments = new ArrayList<>(batch.items.size());
        for (int i = 0; i < batch.items.size(); i++) {
            ReceiptItem item = batch.items.get(i);
            commitments.add(item.commitment());
            byte[] rowKey = MapKey.receiptItem(domain, generation, i);
            byte[] box = SecretBox.ITEM.seal(key, place(rowKey), item.encode(), ground.random());
            transaction.put(
                    rowKey,
                    new RowWriter(box.length + 37)
                            .u8(1)
                            .u32((int) day)
                            .raw(item.commitment().bytes())
                            .raw(box)
                            .toBytes());
        }
        List<PageHeader.OnPath> pages = onPath.stream()
                .sorted(Comparator.comparingInt(
                                (PageHeader.OnPath page) -> -page.header().level())
                        .thenComparing(page -> page.header().index(), Long::compareUnsigned))
                .toList();
        var row = new BatchRow(batch.items.size(), day, new ItemTree(commitments).root(), pages, Optional.empty());
        transaction.put(MapKey.receiptBatch(domain, generation), row.encode());
    }

    /** What an item's box is bound to: the log's origin and the item's row. */
    private byte[] place(byte[] rowKey) {
        return RowWriter.place(origin, rowKey);
    }
}
