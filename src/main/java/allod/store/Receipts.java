package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.SecretBox;
import allod.log.Hash;
import allod.log.TlogProof;
import allod.receipt.ItemTree;
import allod.receipt.OpenedEvent;
import allod.receipt.Receipt;
import allod.receipt.ReceiptId;
import allod.receipt.ReceiptItem;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Receipts, assembled when they are fetched: of a batch only the one item, and of its neighbours only hashes. */
public final class Receipts {
    private final Ground ground;
    private final Tenants tenants;
    private final PeriodKeys periods;
    private final History history;
    private final PublicLogs logs;

    Receipts(Ground ground, Tenants tenants, PeriodKeys periods, History history, PublicLogs logs) {
        this.ground = ground;
        this.tenants = tenants;
        this.periods = periods;
        this.history = history;
        this.logs = logs;
    }

    /** What a list shows of a receipt. */
    public record Summary(ReceiptId id, ReceiptItem item) {}

    /**
     * The owner's receipts in the order of their ids.
     *
     * @param limit 1 to 1,000
     */
    public List<Summary> list(Caller caller, Optional<ReceiptId> after, int limit) throws IOException {
        List<Summary> found = new ArrayList<>();
        for (int domain : tenants.domainsOf(caller.tenant())) {
            list(domain, after, limit, found);
        }
        record(caller, "receipt.list", "count", Integer.toString(found.size()));
        return found;
    }

    private void list(int domain, Optional<ReceiptId> after, int limit, List<Summary> found) {
        if (after.isPresent() && domain < after.get().domain()) {
            return;
        }
        byte[] from = after.filter(id -> id.domain() == domain)
                .map(id -> MapKey.receiptItem(domain, id.generation(), id.ordinal() + 1))
                .orElse(MapKey.receiptsOf(domain));
        Optional<BatchRow.Done> done = Optional.empty();
        long doneGeneration = -1;
        try (Cursor cursor = ground.map().scan(from, MapKey.after(MapKey.receiptsOf(domain)))) {
            while (found.size() < limit && cursor.next()) {
                var key = new RowReader("r", cursor.key());
                key.raw(5);
                long generation = key.u64();
                int place = key.u32();
                if (place == 0) {
                    done = BatchRow.decode(cursor.value()).done();
                    doneGeneration = generation;
                    continue;
                }
                if (doneGeneration != generation) {
                    done = done(domain, generation);
                    doneGeneration = generation;
                }
                if (done.isPresent()) {
                    var id = new ReceiptId(domain, generation, place - 1);
                    ItemRow row = ItemRow.decode(cursor.value());
                    log(done.get())
                            .flatMap(log -> open(domain, log.origin(), cursor.key(), row))
                            .ifPresent(item -> found.add(new Summary(id, item)));
                }
            }
        }
    }

    private Optional<BatchRow.Done> done(int domain, long generation) {
        return Optional.ofNullable(ground.map().get(MapKey.receiptBatch(domain, generation)))
                .flatMap(row -> BatchRow.decode(row).done());
    }

    /** The log that an erasure's event stands in; its items are sealed under that log's name. */
    private Optional<PublicLog> log(BatchRow.Done done) {
        return logs.log(done.log());
    }

    /** An item's row: the day it is sealed under, its commitment in the clear, and the box. */
    private record ItemRow(long day, Hash commitment, byte[] box) {
        static ItemRow decode(byte[] value) {
            var row = new RowReader("r", value).format(1);
            return new ItemRow(row.u32(), Hash.of(row.raw(32)), row.raw(value.length - 37));
        }
    }

    /** Empty once the records of that day were erased. */
    private Optional<ReceiptItem> open(int domain, String origin, byte[] rowKey, ItemRow row) {
        byte[] period = ground.map().get(MapKey.period(domain, EventClass.EVIDENCE, row.day));
        byte[] key = period == null ? null : periods.forReading(domain, EventClass.EVIDENCE, row.day, period);
        return key == null
                ? Optional.empty()
                : Optional.of(ReceiptItem.parse(SecretBox.ITEM.open(key, RowWriter.place(origin, rowKey), row.box)));
    }

    /**
     * One receipt, with the proof that its event is in the log.
     *
     * @throws Problem NO_SUCH_RECEIPT; NOT_YET if no checkpoint covered the event within five seconds
     */
    public Receipt fetch(Caller caller, ReceiptId id) throws IOException, InterruptedException {
        if (!tenants.domainsOf(caller.tenant()).contains(id.domain())) {
            throw noSuchReceipt(id);
        }
        byte[] batchValue = ground.map().get(MapKey.receiptBatch(id.domain(), id.generation()));
        byte[] rowKey = MapKey.receiptItem(id.domain(), id.generation(), id.ordinal());
        byte[] itemValue = ground.map().get(rowKey);
        if (batchValue == null || itemValue == null) {
            throw noSuchReceipt(id);
        }
        BatchRow batch = BatchRow.decode(batchValue);
        BatchRow.Done done = batch.done().orElseThrow(() -> notYet("The erasure is still under way."));
        PublicLog log = log(done).orElseThrow(() -> noSuchReceipt(id));
        ReceiptItem item = open(id.domain(), log.origin(), rowKey, ItemRow.decode(itemValue))
                .orElseThrow(() -> noSuchReceipt(id));
        EventRecord event = history.read(done.tenant(), done.seq() - 1, 1).getFirst();
        EventRecord.Opened opened = event.opened().orElseThrow(() -> noSuchReceipt(id));
        TlogProof proof = log.prove(done.index())
                .orElseThrow(() -> log.isClosed()
                        ? neverProven(id, log)
                        : notYet("No signed" + " checkpoint of the log covers it yet."));
        var receipt = new Receipt(
                id,
                item,
                new ItemTree(commitments(id, batch.count())).path(id.ordinal()),
                done.evidence(),
                Receipt.pagesFor(item.slots(), batch.pages()),
                new OpenedEvent(event.frame(), opened.body(), opened.opening()),
                proof);
        record(caller, "receipt.read", "receipt", id.toString());
        return receipt;
    }

    private List<Hash> commitments(ReceiptId id, int count) {
        List<Hash> commitments = new ArrayList<>(count);
        byte[] from = MapKey.receiptItem(id.domain(), id.generation(), 0);
        byte[] end = MapKey.receiptItem(id.domain(), id.generation(), count);
        try (Cursor cursor = ground.map().scan(from, end)) {
            while (cursor.next()) {
                commitments.add(ItemRow.decode(cursor.value()).commitment());
            }
        }
        return commitments;
    }

    private void record(Caller caller, String type, String name, String value) throws IOException {
        byte[] body = EventBody.of(type, caller).text(name, value).outcome("ok").toBytes();
        int domain = tenants.firstDomain(caller.tenant());
        TenantId tenant = caller.tenant();
        ground.sequencer()
                .submit(transaction -> transaction.append(new Event(tenant, domain, EventClass.ACCESS, body)));
    }

    private static Problem noSuchReceipt(ReceiptId id) {
        return new Problem(
                Reason.NO_SUCH_RECEIPT,
                "There is no such receipt.",
                "None of your erasures is called " + id + ".",
                "List your receipts: GET /api/v1/receipts.");
    }

    /** The keys are gone, but the copy that was restored does not hold the checkpoint that said so. */
    private static Problem neverProven(ReceiptId id, PublicLog log) {
        return new Problem(
                Reason.NO_SUCH_RECEIPT,
                "The receipt cannot be given.",
                "The event of " + id + " stands after the last checkpoint that is left of " + log.origin()
                        + ", a log that a restore closed; nothing proves it.",
                "Use the file of the receipt if you fetched it before.");
    }

    private static Problem notYet(String why) {
        return new Problem(Reason.NOT_YET, "The receipt is not ready.", why, "Fetch it again in a moment.");
    }
}
