package allod.store;

import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyPlan;
import allod.keys.Destroyed;
import allod.keys.DomainKeys;
import allod.keys.KeyRing;
import allod.keys.KeyRound;
import allod.keys.KeyTree;
import allod.keys.OutstandingShare;
import allod.keys.PageHeader;
import allod.keys.PageName;
import allod.keys.RootRecord;
import allod.keys.StoredPage;
import allod.receipt.BatchEvidence;
import allod.receipt.EraseDoneBody;
import allod.receipt.ErasureReason;
import allod.receipt.ReceiptId;
import allod.receipt.Residual;
import allod.receipt.SurvivingCopy;
import allod.receipt.Unreached;
import allod.store.ErasureQueue.Entry;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One erasure after another, each for all that waits in some domains. The steps are those of docs/erasure.md, and each
 * may be the last before a crash:
 *
 * <ol>
 *   <li value="0">the caller hid the object and queued it ({@link ErasureQueue})
 *   <li>the attempt is announced in the map
 *   <li>the next generation stands in custody, was read back and opened
 *   <li>one commit changes the generation and drops the slot rows: from here there is no way back
 *   <li>custody names the generation current; running readers of the slots are cut
 *   <li>every other handle is destroyed, and that was checked
 *   <li>one commit finishes the receipt with its event; the clients are answered
 * </ol>
 */
final class ErasureRounds {
    private static final long RETRY_MILLIS = 1000;
    static final String ACTOR = "system/erasure";
    private static final Destroyed NOTHING = new Destroyed(List.of(), List.of());

    private final Ground ground;
    private final KeyRing keys;
    private final DroppedBlobs dropped;
    private final ReceiptItems items;
    private final IntFunction<TenantId> ownerOf;
    private final Supplier<List<SurvivingCopy>> survivingCopies;
    private final WaitNotes waits;
    private final Map<Set<Integer>, KeyRound> recovering = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * @param ownerOf the tenant whose chain an erasure in a domain belongs to
     * @param survivingCopies copies of keys that erasures do not reach now
     */
    ErasureRounds(
            Ground ground,
            KeyRing keys,
            DroppedBlobs dropped,
            ReceiptItems items,
            IntFunction<TenantId> ownerOf,
            Supplier<List<SurvivingCopy>> survivingCopies) {
        this.ground = ground;
        this.keys = keys;
        this.dropped = dropped;
        this.items = items;
        this.ownerOf = ownerOf;
        this.survivingCopies = survivingCopies;
        this.waits = new WaitNotes(ground.log());
    }

    /** Lets a round that waits for a custodian end; the next start finishes it. */
    void stop() {
        stopping = true;
    }

    /**
     * What one round erases in one domain.
     *
     * @param onPath what its receipts show besides the pages that change: the way to slots that are empty already
     */
    private record Part(int domain, List<Entry> entries, ReceiptItems.Prepared batch, List<PageHeader.OnPath> onPath) {
        long[] slots() {
            return entries.stream().flatMapToLong(batch::slotsOf).toArray();
        }
    }

    /**
     * One round.
     *
     * @return false if it could not be done now: its entries are in the queue again
     */
    boolean erase(List<Entry> entries) throws IOException, InterruptedException {
        return erase(entries, false);
    }

    /**
     * Closes entries whose slots a restore found empty, with receipts: a round of its own shows the slots empty in the
     * generation it makes, as the one that emptied them left no record in the copy that was restored.
     *
     * @throws Problem CUSTODIAN_AWAY and what else keeps a round from being done: the entries wait on
     */
    void closeFound(List<Entry> entries) throws IOException, InterruptedException {
        if (!entries.isEmpty() && !erase(entries, true)) {
            throw new Problem(
                    Reason.CUSTODIAN_AWAY,
                    "What was erased after the copy is not closed yet.",
                    "An erasure round could not be carried out now; the log says why.",
                    "Bring the custodian back and run the restore again.");
        }
    }

    private boolean erase(List<Entry> entries, boolean found) throws IOException, InterruptedException {
        Optional<KeyRound> prepared = Optional.empty();
        List<Part> parts = List.of();
        List<Entry> live = entries;
        try {
            ground.space().releaseWhereFull();
            keys.requireErasable();
            Map<Boolean, List<Entry>> sorted =
                    entries.stream().collect(Collectors.partitioningBy(entry -> !found && isErased(entry)));
            List<Entry> erased = sorted.getOrDefault(true, List.of());
            if (!erased.isEmpty()) {
                closeErased(erased);
            }
            live = withoutNamed(sorted.getOrDefault(false, List.of()));
            if (live.isEmpty()) {
                return true;
            }
            parts = parts(live, found);
            Map<Integer, DomainRow> announced = announce(parts);
            KeyRound round = keys.begin(requests(parts, announced, Optional.empty()));
            prepared = Optional.of(round);
            round.persist();
            commit(parts, announced, round);
        } catch (Problem notNow) {
            prepared.ifPresent(KeyRound::abandon);
            if (!parts.isEmpty()) {
                withdraw(parts);
            }
            Map<Integer, List<Entry>> apart = byDomain(live);
            if (apart.size() > 1 && !found) {
                return eraseApart(apart.values());
            }
            waits.say("an erasure waits", notNow);
            ground.queue().giveBack(live, notNow);
            return false;
        }
        finish(parts, prepared.orElseThrow(), Optional.empty());
        return true;
    }

    /** One domain's damage or absent custodian holds up no other: each has a round of its own. */
    private boolean eraseApart(Collection<List<Entry>> domains) throws IOException, InterruptedException {
        boolean all = true;
        for (List<Entry> entries : domains) {
            all &= erase(entries, false);
        }
        return all;
    }

    private static Map<Integer, List<Entry>> byDomain(List<Entry> entries) {
        Map<Integer, List<Entry>> byDomain = new LinkedHashMap<>();
        entries.forEach(entry ->
                byDomain.computeIfAbsent(entry.domain(), d -> new ArrayList<>()).add(entry));
        return byDomain;
    }

    /** What has a name is never erased: no path leads here with it, and if one did it ends here. */
    private List<Entry> withoutNamed(List<Entry> entries) throws IOException {
        Map<Boolean, List<Entry>> sorted = entries.stream().collect(Collectors.partitioningBy(this::isNamed));
        List<Entry> named = sorted.getOrDefault(true, List.of());
        if (!named.isEmpty()) {
            ground.log().error("{} versions stood in the erasure queue and have names; they stay", named.size());
            ground.sequencer().submitPatiently(transaction -> {
                named.forEach(entry -> transaction.delete(entry.mapKey()));
                return true;
            });
            ground.queue().done(Map.of(), named);
        }
        return sorted.getOrDefault(false, List.of());
    }

    private boolean isNamed(Entry entry) {
        return isNamed(ground.map(), entry);
    }

    /** Looks at one moment of the map, as a version that moves between two rows stands in one of them at every moment. */
    static boolean isNamed(MetadataEngine map, Entry entry) {
        try (Snapshot moment = map.snapshot()) {
            byte[] value = moment.get(MapKey.slot(entry.domain(), entry.slot()));
            if (value == null) {
                return false;
            }
            SlotRow row = SlotRow.decode(value);
            SlotRow.Owner owner = row.owner();
            return row.kind() == SlotKind.VERSION
                    && KeyVersions.naming(
                                    Rows.of(moment),
                                    owner.bucketId(),
                                    ObjectKey.stored(owner.key()),
                                    owner.order(),
                                    entry.slot())
                            .isPresent();
        }
    }

    /**
     * A round that erases nothing: the domain gets a new root, for those who hold it now or for others, and the handles
     * of the old one are destroyed.
     *
     * @param renewal tells the event's type, and who asked
     * @throws Problem CUSTODIAN_AWAY if too few custodians answer: nothing has changed
     * @throws InterruptedException if the server stops before the old handles are destroyed: the next start does it
     */
    BatchEvidence renew(int domain, Optional<CustodyPlan> plan, Renewal renewal)
            throws IOException, InterruptedException {
        List<Part> parts = List.of(new Part(domain, List.of(), items.prepare(domain, List.of()), List.of()));
        Map<Integer, DomainRow> announced = announce(parts);
        KeyRound round = keys.begin(requests(parts, announced, plan));
        boolean committed = false;
        try {
            round.persist();
            commit(parts, announced, round);
            committed = true;
        } finally {
            if (!committed) {
                round.abandon();
            }
        }
        try {
            return finish(parts, round, Optional.of(renewal)).orElseThrow();
        } catch (IOException | RuntimeException e) {
            throw new UnfinishedException(e);
        }
    }

    /** A round was cut off after its commit: going on without it would build on keys that are not what the map says. */
    static final class UnfinishedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnfinishedException(Exception why) {
            super("a round was cut off after its commit; the next start finishes it", why);
        }
    }

    /** What the event of a round says that erases nothing. */
    @FunctionalInterface
    interface Renewal {
        EventBody event(RootRecord before, RootRecord after, BatchEvidence evidence);
    }

    /** After a crash nobody knows any more who asked. */
    static final Renewal RECOVERED =
            (before, after, evidence) -> renewal("custody.recovered", ACTOR, before, after, evidence);

    static EventBody renewal(String type, String actor, RootRecord before, RootRecord after, BatchEvidence evidence) {
        return EventBody.of(type)
                .text("actor", actor)
                .text("purpose", "custody")
                .number("generation", after.generation())
                .text("from", before.plan().toString())
                .text("to", after.plan().toString())
                .number("wraps", after.wraps().size())
                .text("evidence_hash", evidence.hash().toString())
                .text("evidence", new String(evidence.encode(), StandardCharsets.UTF_8))
                .outcome("ok");
    }

    private boolean isErased(Entry entry) {
        return ground.secrets().secret(entry.domain(), entry.slot()).isEmpty();
    }

    /** Entries whose slot an earlier round erased already: a slot can be queued twice, by its writer and by its bucket. */
    private void closeErased(List<Entry> erased) throws IOException {
        ground.sequencer().submitPatiently(transaction -> {
            for (Entry entry : erased) {
                byte[] value = transaction.get(entry.mapKey());
                if (value != null) {
                    dropped.add(
                            transaction,
                            entry.domain(),
                            PendingRow.decode(value).blobs());
                    transaction.delete(entry.mapKey());
                }
            }
            return true;
        });
        ground.queue().done(Map.of(), erased);
    }

    private List<Part> parts(List<Entry> entries, boolean found) {
        List<Part> parts = new ArrayList<>();
        byDomain(entries).forEach((domain, its) -> {
            ReceiptItems.Prepared batch = items.prepare(domain, its);
            parts.add(new Part(domain, its, batch, found ? onPath(domain, its, batch) : List.of()));
        });
        return parts;
    }

    /** The way to slots that are empty now, each page once. */
    private List<PageHeader.OnPath> onPath(int domain, List<Entry> entries, ReceiptItems.Prepared batch) {
        KeyTree tree = keys.domain(domain).tree();
        Set<PageHeader.OnPath> pages = new HashSet<>();
        entries.stream()
                .flatMapToLong(batch::slotsOf)
                .forEach(slot -> tree.pathToEmptySlot(slot).ifPresent(pages::addAll));
        return List.copyOf(pages);
    }

    /** Step 1: the map names the attempt of each domain, and reads of the slots begin anew from here on. */
    private Map<Integer, DomainRow> announce(List<Part> parts) throws IOException {
        for (Part part : parts) {
            if (keys.domain(part.domain).abandoned().size() >= DomainKeys.MAX_ABANDONED) {
                destroyStrays(List.of(part.domain));
            }
        }
        Map<Integer, RootRecord.Intent> intents = new LinkedHashMap<>();
        parts.forEach(part -> intents.put(part.domain, keys.intend(part.domain)));
        Map<Integer, DomainRow> announced = ground.sequencer().submitPatiently(transaction -> {
            Map<Integer, DomainRow> rows = new LinkedHashMap<>();
            for (Part part : parts) {
                RootRecord.Intent intent = java.util.Objects.requireNonNull(intents.get(part.domain));
                DomainRow row = row(transaction, part.domain)
                        .intending(intent, keys.known(part.domain).abandoned());
                transaction.put(MapKey.root(part.domain), row.encode());
                transaction.periodKey(part.domain, EventClass.EVIDENCE);
                rows.put(part.domain, row);
                ground.queue().begin(part.entries);
            }
            return rows;
        });
        ground.disk().reached(FaultPoint.ERASE_INTENT);
        return announced;
    }

    /**
     * Destroys what abandoned attempts left in these domains, and writes down what is left because a custodian is away.
     */
    void destroyStrays(Collection<Integer> domains) throws IOException {
        Map<Integer, List<OutstandingShare>> left = keys.destroyStrays(domains, keys.numbers());
        List<Integer> changed = domains.stream()
                .filter(domain -> left.containsKey(domain)
                        || !row(domain).abandoned().equals(keys.known(domain).abandoned()))
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        ground.sequencer().submitPatiently(transaction -> {
            for (int domain : changed) {
                DomainRow row = row(transaction, domain);
                List<OutstandingShare> all = new ArrayList<>(row.outstanding());
                all.addAll(left.getOrDefault(domain, List.of()));
                DomainRow kept = row.with(all, keys.known(domain).abandoned());
                transaction.put(MapKey.root(domain), kept.encode());
            }
            return true;
        });
        left.keySet().forEach(domain -> keys.known(domain).settle(false));
    }

    private DomainRow row(int domain) {
        return DomainRow.decode(java.util.Objects.requireNonNull(ground.map().get(MapKey.root(domain))));
    }

    private static DomainRow row(Transaction transaction, int domain) {
        byte[] value = transaction.get(MapKey.root(domain));
        if (value == null) {
            throw new IllegalStateException("domain " + domain + " has no root");
        }
        return DomainRow.decode(value);
    }

    private void withdraw(List<Part> parts) throws IOException {
        ground.sequencer().submitPatiently(transaction -> {
            parts.forEach(part -> ground.queue().end(part.entries));
            return true;
        });
    }

    private static List<KeyRing.Request> requests(
            List<Part> parts, Map<Integer, DomainRow> announced, Optional<CustodyPlan> plan) {
        List<KeyRing.Request> requests = new ArrayList<>();
        for (Part part : parts) {
            DomainRow row = java.util.Objects.requireNonNull(announced.get(part.domain));
            requests.add(new KeyRing.Request(
                    part.domain, row.intent().orElseThrow(), part.slots(), row.lastReceipt(), plan, row.outstanding()));
        }
        return requests;
    }

    /** Step 3, the point of no return. */
    private void commit(List<Part> parts, Map<Integer, DomainRow> announced, KeyRound round) throws IOException {
        ground.sequencer().submitPatiently(transaction -> {
            List<KeyRound.Change> changes = round.changes();
            for (int i = 0; i < parts.size(); i++) {
                commit(transaction, parts.get(i), changes.get(i), announced);
            }
            return true;
        });
        ground.disk().reached(FaultPoint.ERASE_COMMITTED);
    }

    private void commit(Transaction transaction, Part part, KeyRound.Change change, Map<Integer, DomainRow> announced) {
        DomainRow before = row(transaction, part.domain);
        DomainRow expected = java.util.Objects.requireNonNull(announced.get(part.domain));
        if (!Arrays.equals(before.encode(), expected.encode())) {
            throw new IllegalStateException("another erasure changed domain " + part.domain);
        }
        transaction.put(
                MapKey.root(part.domain), before.committed(change.record()).encode());
        for (StoredPage page : change.changed()) {
            transaction.put(
                    MapKey.page(part.domain, page.name().level(), page.name().index()), page.bytes());
        }
        for (PageName page : change.dropped()) {
            transaction.delete(MapKey.page(part.domain, page.level(), page.index()));
        }
        long generation = change.record().generation();
        items.write(transaction, part.domain, generation, part.batch, shown(part, change));
        for (Entry entry : part.entries) {
            if (entry.row().slots() == 1) {
                part.batch.slotsOf(entry).forEach(slot -> transaction.delete(MapKey.slot(part.domain, slot)));
            }
            // The slot row named blobs; from here on only this row does.
            PendingRow now = ErasureQueue.withBlobs(transaction, entry, part.batch.blobsOf(entry));
            transaction.put(entry.mapKey(), now.encode());
        }
    }

    /** The pages that the receipts show: those that changed, and those on the way to slots that were empty before. */
    private static Collection<PageHeader.OnPath> shown(Part part, KeyRound.Change change) {
        Map<PageName, PageHeader.OnPath> shown = new LinkedHashMap<>();
        part.onPath.forEach(page ->
                shown.put(new PageName(page.header().level(), page.header().index()), page));
        change.dropped().forEach(shown::remove);
        change.changed().forEach(page -> shown.put(page.name(), page.onPath()));
        return shown.values();
    }

    /** Steps 4 to 6. From here the round is finished, now or after the next start. */
    private Optional<BatchEvidence> finish(List<Part> parts, KeyRound round, Optional<Renewal> renewal)
            throws IOException, InterruptedException {
        round.committed();
        parts.forEach(part -> ground.tickets()
                .cut(part.domain, part.entries.stream().map(Entry::slot).toList()));
        Map<Integer, Destroyed> evidence = destroy(round, parts);
        Map<ErasureQueue.Ref, ReceiptId> receipts = new HashMap<>();
        Optional<BatchEvidence> last = ground.sequencer().submitPatiently(transaction -> {
            Optional<BatchEvidence> left = Optional.empty();
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                RootRecord record = round.changes().get(i).record();
                Destroyed destroyed = evidence.getOrDefault(part.domain, NOTHING);
                boolean found = !part.onPath.isEmpty();
                left = Optional.of(close(transaction, part.domain, record, destroyed, part.entries, renewal, found));
                ground.queue().end(part.entries);
                receipts.putAll(part.batch.receipts(part.domain, record.generation()));
            }
            return left;
        });
        ground.disk().reached(FaultPoint.ERASE_DONE);
        parts.forEach(part -> ground.queue().done(receipts, part.entries));
        return last;
    }

    /** Step 5, for as long as it takes: until it succeeds nothing is called erased. */
    private Map<Integer, Destroyed> destroy(KeyRound round, List<Part> parts) throws InterruptedException {
        while (true) {
            try {
                return round.destroyOldHandles();
            } catch (Problem notNow) {
                waits.say("the destruction of old keys waits", notNow);
                parts.forEach(part -> ground.queue().tellWaiting(part.entries, notNow));
                if (stopping) {
                    throw new InterruptedException("stopped while old keys wait for their destruction");
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    /** Of what is outstanding, the shares of the very root that was replaced now. */
    private static List<Unreached> unreached(RootRecord replaced, List<OutstandingShare> outstanding) {
        List<Unreached> unreached = new ArrayList<>();
        for (OutstandingShare share : outstanding) {
            share.wrap()
                    .filter(replaced.wraps()::contains)
                    .ifPresent(wrap -> unreached.add(new Unreached(wrap.custodian(), wrap.handle(), share.why())));
        }
        return unreached;
    }

    /** Step 6 in one domain: the receipt is complete, the queue rows go, the blobs may be dropped. */
    private BatchEvidence close(
            Transaction transaction,
            int domain,
            RootRecord record,
            Destroyed destroyed,
            List<Entry> entries,
            Optional<Renewal> renewal,
            boolean found) {
        DomainRow before = row(transaction, domain);
        RootRecord replaced = before.replaced().orElseThrow();
        var batchEvidence = BatchEvidence.of(
                replaced.outline(),
                record,
                destroyed.evidence(),
                unreached(replaced, destroyed.outstanding()),
                survivingCopies.get(),
                Residual.ALWAYS);
        transaction.put(
                MapKey.root(domain),
                before.finished(batchEvidence.hash().bytes(), destroyed.outstanding())
                        .encode());
        keys.known(domain).settle(!record.degraded() && destroyed.outstanding().isEmpty());
        for (Entry entry : entries) {
            byte[] value = transaction.get(entry.mapKey());
            if (value != null) {
                dropped.add(transaction, domain, PendingRow.decode(value).blobs());
                transaction.delete(entry.mapKey());
            }
        }
        if (renewal.isPresent() || entries.isEmpty()) {
            byte[] body = renewal.orElse(RECOVERED)
                    .event(replaced, record, batchEvidence)
                    .number("domain", domain)
                    .toBytes();
            transaction.append(new Event(ownerOf.apply(domain), domain, EventClass.EVIDENCE, body));
            return batchEvidence;
        }
        byte[] batchKey = MapKey.receiptBatch(domain, record.generation());
        byte[] batchValue = transaction.get(batchKey);
        if (batchValue == null) {
            byte[] body = EventBody.of("erase.orphans")
                    .text("actor", ACTOR)
                    .text("purpose", unnamedPurpose(entries))
                    .number("domain", domain)
                    .number("generation", record.generation())
                    .number(
                            "slots",
                            entries.stream()
                                    .mapToLong(entry -> entry.row().slots())
                                    .sum())
                    .outcome("ok")
                    .toBytes();
            transaction.append(new Event(ownerOf.apply(domain), domain, EventClass.EVIDENCE, body));
            return batchEvidence;
        }
        BatchRow batch = BatchRow.decode(batchValue);
        boolean owner = entries.stream().anyMatch(entry -> entry.row().foreground());
        byte[] body = new EraseDoneBody(
                        ACTOR,
                        found
                                ? "restore: found destroyed at generation " + (record.generation() - 1)
                                : owner ? "owner" : "background erasure",
                        domain,
                        record.generation(),
                        batch.count(),
                        batch.itemsRoot(),
                        batchEvidence.hash())
                .encode();
        TenantId tenant = ownerOf.apply(domain);
        Event.Position at = transaction.append(new Event(tenant, domain, EventClass.EVIDENCE, body));
        int log = ground.sequencer().state().log();
        transaction.put(
                batchKey,
                batch.done(new BatchRow.Done(batchEvidence, tenant, log, at.index(), at.seq()))
                        .encode());
        return batchEvidence;
    }

    private static String unnamedPurpose(List<Entry> entries) {
        boolean lost = entries.stream().anyMatch(entry -> entry.row().reason() == ErasureReason.LOST_IN_RESTORE);
        return lost ? "slots that a restore lost" : "slots reserved before an unclean stop";
    }

    /**
     * Finishes erasures that a crash interrupted after their commit, as one round. May be called again if it fails, with
     * each domain by itself.
     *
     * @param rows the interrupted domains with their rows; they are held
     * @throws Problem CUSTODIAN_AWAY if the old keys cannot be destroyed now
     */
    void recover(Map<Integer, DomainRow> rows) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        KeyRound round = recovering.get(rows.keySet());
        if (round == null) {
            List<KeyRing.Interrupted> cut = new ArrayList<>();
            rows.forEach((domain, row) -> cut.add(new KeyRing.Interrupted(domain, row.replaced(), row.outstanding())));
            round = keys.resume(cut);
            round.committed();
            recovering.put(Set.copyOf(rows.keySet()), round);
        }
        Map<Integer, Destroyed> destroyed = destroyed(rows, round);
        List<Entry> erased = new ArrayList<>();
        ground.sequencer().submitPatiently(transaction -> {
            rows.forEach((domain, row) ->
                    recover(transaction, domain, row, destroyed.getOrDefault(domain, NOTHING), erased));
            return true;
        });
        recovering.remove(rows.keySet());
        ground.queue().done(Map.of(), erased);
    }

    private Map<Integer, Destroyed> destroyed(Map<Integer, DomainRow> rows, KeyRound round) {
        try {
            return round.destroyOldHandles();
        } catch (Problem notNow) {
            waits.say("an erasure that a crash interrupted waits", notNow);
            if (rows.size() > 1) {
                recovering.remove(rows.keySet());
                round.leave();
            }
            throw notNow;
        }
    }

    /** A domain that was only being made has no erasure to finish. */
    private void recover(Transaction transaction, int domain, DomainRow row, Destroyed destroyed, List<Entry> erased) {
        if (row.replaced().isPresent()) {
            List<Entry> its = erasedEntries(transaction, domain);
            close(transaction, domain, row.root(), destroyed, its, Optional.empty(), false);
            erased.addAll(its);
        }
    }

    /** The queue rows of a domain whose keys are gone. */
    private List<Entry> erasedEntries(Transaction transaction, int domain) {
        byte[] from = new RowWriter(5).u8(Family.PENDING.code).u32(domain).toBytes();
        List<Entry> erased = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> row : transaction.all(from, MapKey.after(from))) {
            Entry entry = ErasureQueue.entry(row.getKey(), row.getValue());
            if (ground.secrets().secret(domain, entry.slot()).isEmpty()) {
                erased.add(entry);
            }
        }
        return erased;
    }
}
