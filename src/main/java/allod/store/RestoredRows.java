package allod.store;

import allod.base.TenantId;
import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings an old map's rows into line with the keys that are left: what was erased after the copy leaves its name and goes
 * through the erasure gate, with a receipt that shows its slots empty. Every step may be repeated.
 */
final class RestoredRows {
    private static final int ROWS_A_COMMIT = 500;

    private final Ground ground;
    private final ErasureRounds rounds;
    private long versions;
    private long uploads;
    private long others;
    private long accessKeys;
    private long closed;

    RestoredRows(Ground ground, ErasureRounds rounds) {
        this.ground = ground;
        this.rounds = rounds;
    }

    /** A slot whose row came with the copy and whose key is gone. */
    private record Empty(int domain, long slot, SlotRow row) {
        ErasureQueue.Ref ref() {
            return new ErasureQueue.Ref(domain, slot);
        }
    }

    /** A bucket as its name leads to it. */
    private record Named(BucketName name, BucketRow row) {}

    void bringIntoLine() throws IOException, InterruptedException {
        for (Family family : Family.values()) {
            bringIntoLine(family);
        }
        closeFound();
    }

    /** What a restore does with each family; a new one must say it here. */
    private void bringIntoLine(Family family) throws IOException {
        switch (family) {
            // As the copy has them.
            case FORMAT, TENANT, BUCKET, BUCKET_OF_TENANT, CONFIGURATION, IDENTITY, DROPPED_BLOB, RESTORE -> {}
            // In force only where no loss was accepted: RestoredEscrows.
            case ESCROW -> {}
            case EVENTS, LOG, LEAVES, TILE, CHAIN, CHECKPOINT, RUN -> {}
            // Custody's were taken over before.
            case PAGE, ROOT, RESERVATION, PERIOD -> {}
            // With the slot that they name.
            case CURRENT, NONCURRENT, NULL_VERSION, UPLOAD, PART, SEALED, DUE -> {}
            case SLOT -> hideErased();
            case ACCESS_KEY -> disableRevoked();
            case RECEIPT -> dropUnfinished();
            // Closed last, when everything that is erased waits there.
            case PENDING -> {}
            // No grant was ever written; those made before a restore are revoked by it.
            case GRANT -> {}
        }
    }

    List<String> done() {
        List<String> done = new ArrayList<>();
        done.add(versions + " objects and " + uploads + " uploads of the copy were erased after it was made: they stay"
                + " erased.");
        if (accessKeys > 0) {
            done.add(accessKeys + " access keys of the copy were disabled after it was made: they stay disabled.");
        }
        if (others > 0) {
            done.add(others + " other keys of the copy were erased after it was made.");
        }
        if (closed > 0) {
            done.add(closed + " erasures have a new receipt, as found destroyed.");
        }
        return done;
    }

    private interface Visitor {
        void visit(byte[] key, byte[] value) throws IOException;
    }

    private void scan(Family family, Visitor visitor) throws IOException {
        byte[] from = MapKey.family(family);
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                visitor.visit(cursor.key(), cursor.value());
            }
        }
    }

    private void hideErased() throws IOException {
        Map<Long, Named> buckets = new HashMap<>();
        scan(Family.BUCKET, (key, value) -> {
            BucketRow row = BucketRow.decode(value);
            String name = new String(key, 1, key.length - 1, StandardCharsets.US_ASCII);
            buckets.put(row.id(), new Named(new BucketName(name), row));
        });
        Set<ErasureQueue.Ref> queued = new HashSet<>();
        scan(
                Family.PENDING,
                (key, value) -> queued.add(ErasureQueue.entry(key, value).ref()));
        Map<Integer, SlotSecrets.Reader> secrets = new HashMap<>();
        List<Empty> found = new ArrayList<>();
        List<Empty> shares = new ArrayList<>();
        Set<ErasureQueue.Ref> withVersions = new HashSet<>();
        scan(Family.SLOT, (key, value) -> {
            var at = new RowReader("s", key);
            at.u8();
            int domain = at.u32();
            long slot = at.u64();
            boolean open = secrets.computeIfAbsent(domain, d -> ground.secrets().reader(d))
                    .secret(slot)
                    .isPresent();
            if (open) {
                return;
            }
            var empty = new Empty(domain, slot, SlotRow.decode(value));
            empty.row.shareSlots().forEach(share -> withVersions.add(new ErasureQueue.Ref(domain, share)));
            if (empty.row.kind() == SlotKind.SHARE) {
                shares.add(empty);
            } else if (!queued.contains(empty.ref())) {
                found.add(empty);
            }
            if (found.size() == ROWS_A_COMMIT) {
                hide(found, buckets);
            }
        });
        // A version's receipt names its shares; a share of its own has a receipt only where it was revoked by itself.
        shares.stream()
                .filter(share -> !withVersions.contains(share.ref()) && !queued.contains(share.ref()))
                .forEach(found::add);
        hide(found, buckets);
    }

    private void hide(List<Empty> found, Map<Long, Named> buckets) throws IOException {
        ground.sequencer().submitPatiently(transaction -> {
            found.forEach(empty -> hide(
                    transaction,
                    empty,
                    Optional.ofNullable(buckets.get(empty.row.owner().bucketId()))));
            return true;
        });
        for (Empty empty : found) {
            switch (empty.row.kind()) {
                case VERSION -> versions++;
                case UPLOAD -> uploads++;
                case SHARE, PERIOD, EVIDENCE, ACCESS_KEY, GRANT, SIGNER, SEALED, BACKUP, VERSION_IDS -> others++;
            }
        }
        found.clear();
    }

    /** Its name leads nowhere now; the queue's row takes it to the gate, which drops the slot's row and the blobs. */
    private void hide(Transaction transaction, Empty empty, Optional<Named> bucket) {
        SlotRow.Owner owner = empty.row.owner();
        long size = 0;
        List<BlobName> parts = List.of();
        switch (empty.row.kind()) {
            case VERSION ->
                size = bucket.map(it -> hideVersion(transaction, empty, it.row)).orElse(0L);
            case UPLOAD -> parts = hideUpload(transaction, empty);
            case SHARE, PERIOD, EVIDENCE, ACCESS_KEY, GRANT, SIGNER, SEALED, BACKUP, VERSION_IDS -> {}
        }
        String name = bucket.map(it -> it.name.value()).orElse("");
        var row = new PendingRow(ErasureReason.FOUND_ERASED, true, owner.order(), size, "restore", name, parts);
        ErasureQueue.stageUnbound(
                transaction, new ErasureQueue.Entry(empty.domain, owner.bucketId(), owner.key(), empty.slot, row));
        bucket.ifPresent(it -> transaction.append(event(it, empty)));
    }

    private static Event event(Named bucket, Empty empty) {
        byte[] body = EventBody.of("erase.found")
                .text("actor", LogReopening.ACTOR)
                .text("purpose", "erased after the copy that was restored")
                .bucket(bucket.name)
                .text("key", new String(empty.row.owner().key(), StandardCharsets.UTF_8))
                .version(empty.row.owner().order())
                .outcome("erased")
                .toBytes();
        return new Event(bucket.row.owner(), bucket.row.domain(), EventClass.EVIDENCE, body);
    }

    /** Where it was on top, what stands below takes its place, as at any erasure. */
    private static long hideVersion(Transaction transaction, Empty empty, BucketRow bucket) {
        SlotRow.Owner owner = empty.row.owner();
        ObjectKey key = ObjectKey.stored(owner.key());
        Optional<KeyVersions.Placed> placed =
                KeyVersions.naming(transaction, bucket.id(), key, owner.order(), empty.slot);
        placed.ifPresent(it -> KeyVersions.remove(transaction, bucket, key, it));
        return placed.map(it -> it.row().size()).orElse(0L);
    }

    private static List<BlobName> hideUpload(Transaction transaction, Empty empty) {
        SlotRow.Owner owner = empty.row.owner();
        var upload = new UploadId(empty.row.objectId());
        transaction.delete(MapKey.upload(owner.bucketId(), ObjectKey.of(owner.key()), upload));
        List<BlobName> blobs = new ArrayList<>();
        byte[] from = MapKey.partsOf(upload);
        for (Map.Entry<byte[], byte[]> part : transaction.all(from, MapKey.after(from))) {
            blobs.add(PartRow.decode(part.getValue()).blob());
            transaction.delete(part.getKey());
        }
        return blobs;
    }

    private void disableRevoked() throws IOException {
        List<byte[]> revoked = new ArrayList<>();
        scan(Family.ACCESS_KEY, (key, value) -> {
            AccessKeyRow row = AccessKeyRow.decode(value);
            if (row.enabled()
                    && ground.secrets().secret(Domains.SYSTEM, row.slot()).isEmpty()) {
                revoked.add(key);
            }
        });
        for (byte[] key : revoked) {
            ground.sequencer().submitPatiently(transaction -> {
                AccessKeyRow row = AccessKeyRow.decode(java.util.Objects.requireNonNull(transaction.get(key)));
                transaction.put(key, row.disabled().encode());
                row.principal().asUser().ifPresent(user -> dropKey(transaction, row.tenant(), user, key));
                int domain = Buckets.tenant(transaction, row.tenant()).domains().getFirst();
                TenantId tenant = row.tenant();
                byte[] body = EventBody.of("key.disable")
                        .text("actor", LogReopening.ACTOR)
                        .text("purpose", "disabled after the copy that was restored")
                        .text("access_key", new String(key, 1, key.length - 1, StandardCharsets.US_ASCII))
                        .outcome("ok")
                        .toBytes();
                return transaction.append(new Event(tenant, domain, EventClass.CHANGE, body));
            });
        }
        accessKeys += revoked.size();
    }

    /** The user has room for another key then. */
    private static void dropKey(Transaction transaction, TenantId tenant, String user, byte[] key) {
        byte[] place = MapKey.identity(tenant, IdentityKind.USER, user);
        byte[] value = transaction.get(place);
        if (value != null) {
            NamedIdentity identity = NamedIdentity.decode(IdentityKind.USER, user, value);
            String id = new String(key, 1, key.length - 1, StandardCharsets.US_ASCII);
            transaction.put(
                    place,
                    identity.withKeys(identity.keys().stream()
                                    .filter(one -> !one.value().equals(id))
                                    .toList())
                            .encode());
        }
    }

    /** Receipts of an erasure that was under way in the copy: its queue rows are there still and get others. */
    private void dropUnfinished() throws IOException {
        List<byte[]> unfinished = new ArrayList<>();
        boolean[] done = {true};
        scan(Family.RECEIPT, (key, value) -> {
            var at = new RowReader("r", key);
            at.raw(13);
            if (at.u32() == 0) {
                done[0] = BatchRow.decode(value).done().isPresent();
            }
            if (!done[0]) {
                unfinished.add(key);
            }
        });
        ground.sequencer().submitPatiently(transaction -> {
            unfinished.forEach(transaction::delete);
            return true;
        });
    }

    /** Everything in the queue whose key is gone, what was hidden just now and what waited in the copy. */
    private void closeFound() throws IOException, InterruptedException {
        List<ErasureQueue.Entry> erased = new ArrayList<>();
        scan(Family.PENDING, (key, value) -> {
            ErasureQueue.Entry entry = ErasureQueue.entry(key, value);
            if (ground.secrets().secret(entry.domain(), entry.slot()).isEmpty()) {
                erased.add(entry);
            }
        });
        for (int from = 0; from < erased.size(); from += ErasureGate.MAX_SLOTS) {
            List<ErasureQueue.Entry> some = erased.subList(from, Math.min(erased.size(), from + ErasureGate.MAX_SLOTS));
            rounds.closeFound(List.copyOf(some));
        }
        closed = erased.size();
    }
}
