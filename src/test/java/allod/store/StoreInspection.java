package allod.store;

import allod.base.Disk;
import allod.keys.CustodyFolder;
import allod.keys.Domain;
import allod.keys.ErasableCustodian;
import allod.keys.FileCustodian;
import allod.keys.RootRecord;
import allod.log.DerivedTiles;
import allod.log.Hash;
import allod.log.TiledTree;
import allod.store.engine.BlobName;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import allod.store.engine.RocksOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at an open store's rows and blobs, and at a closed custody folder, for what must never be left behind. */
public final class StoreInspection {
    private final Store.Parts parts;
    private final List<String> found = new ArrayList<>();

    private StoreInspection(Store store) {
        this.parts = store.parts();
    }

    /** The root that the log had at a size, rederived from its entries. */
    public static Hash rootAt(Store store, long size) {
        var entries = new LogEntries(store.parts().ground().map(), 0);
        return new TiledTree(new DerivedTiles(entries, (level, index) -> java.util.Optional.empty()), size).root();
    }

    /** How many rows the erasure queue and the blobs to drop have. */
    public static int waiting(Store store) {
        var inspection = new StoreInspection(store);
        return inspection.rows(Family.PENDING).size()
                + inspection.rows(Family.DROPPED_BLOB).size();
    }

    /**
     * Everything that is wrong in a store whose queue has drained, in words; empty where all is right.
     *
     * @param blobsInFlight writes of blobs that crashes cut short: so many blobs may be there without a row
     */
    public static List<String> check(Store store, long blobsInFlight) throws IOException {
        var inspection = new StoreInspection(store);
        inspection.queues();
        inspection.slots();
        inspection.names();
        inspection.blobs(blobsInFlight);
        return inspection.found;
    }

    /** All rows of a closed map, as text. */
    public static Map<String, String> rowsOf(Path map) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        try (var engine = MetadataEngine.rocks(map, new RocksOptions(32 << 20, Path.of("target", "native")))) {
            for (Family family : Family.values()) {
                byte[] from = MapKey.family(family);
                try (Cursor cursor = engine.scan(from, MapKey.after(from))) {
                    while (cursor.next()) {
                        rows.put(
                                HexFormat.of().formatHex(cursor.key()),
                                HexFormat.of().formatHex(cursor.value()));
                    }
                }
            }
        }
        return rows;
    }

    private Map<byte[], byte[]> rows(Family family) {
        Map<byte[], byte[]> rows = new TreeMap<>(java.util.Arrays::compareUnsigned);
        byte[] from = MapKey.family(family);
        try (Cursor cursor = parts.ground().map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                rows.put(cursor.key(), cursor.value());
            }
        }
        return rows;
    }

    private static RowReader key(byte[] key) {
        var reader = new RowReader("key", key);
        reader.u8();
        return reader;
    }

    private void queues() {
        rows(Family.PENDING).forEach((key, value) -> {
            ErasureQueue.Entry entry = ErasureQueue.entry(key, value);
            found.add("left in the erasure queue: " + entry.ref() + " "
                    + entry.row().reason());
        });
        rows(Family.DROPPED_BLOB).forEach((key, value) -> found.add("a blob is still to be dropped"));
        rows(Family.ROOT).forEach((key, value) -> {
            DomainRow row = DomainRow.decode(value);
            if (row.replaced().isPresent()) {
                found.add("the erasure of " + row.root() + " is not finished");
            }
        });
    }

    /** Every number given out has a row, is erased, or is in a reservation of this run. */
    private void slots() {
        Map<Integer, Set<Long>> reserved = new TreeMap<>();
        Map<Integer, Long> next = new TreeMap<>();
        rows(Family.RESERVATION).forEach((key, value) -> {
            RowReader at = key(key);
            int domain = at.u32();
            long end = new RowReader("x", value).format(1).u64();
            if (at.atEnd()) {
                next.put(domain, end);
                return;
            }
            at.u64();
            for (long slot = at.u64(); slot < end; slot++) {
                reserved.computeIfAbsent(domain, d -> new HashSet<>()).add(slot);
            }
        });
        Set<ErasureQueue.Ref> slotRows = new HashSet<>();
        rows(Family.SLOT).forEach((key, value) -> {
            RowReader at = key(key);
            slotRows.add(new ErasureQueue.Ref(at.u32(), at.u64()));
        });
        next.forEach((domain, end) -> {
            SlotSecrets.Reader secrets = parts.ground().secrets().reader(domain);
            for (long slot = 0; slot < end; slot++) {
                boolean openable = secrets.secret(slot).isPresent();
                boolean row = slotRows.contains(new ErasureQueue.Ref(domain, slot));
                boolean held = reserved.getOrDefault(domain, Set.of()).contains(slot);
                if (openable && !row && !held) {
                    found.add("orphan slot " + slot + " of domain " + domain);
                }
                if (row && !openable) {
                    found.add("slot " + slot + " of domain " + domain + " is erased and has a row");
                }
            }
        });
    }

    /** Every name has its slot; every slot of a version or upload has its name. */
    private void names() {
        Map<Integer, Set<Long>> named = new TreeMap<>();
        Map<Long, Integer> domains = new TreeMap<>();
        rows(Family.BUCKET).forEach((key, value) -> {
            BucketRow bucket = BucketRow.decode(value);
            domains.put(bucket.id(), bucket.domain());
        });
        rows(Family.CURRENT).forEach((key, value) -> {
            long bucket = key(key).u64();
            name(named, domains.get(bucket), NameRow.decode(value).slot(), "a name of bucket " + bucket);
        });
        rows(Family.NONCURRENT).forEach((key, value) -> noncurrent(named, domains, key, NoncurrentRow.decode(value)));
        rows(Family.NULL_VERSION).forEach((key, value) -> {
            RowReader at = key(key);
            long bucket = at.u64();
            byte[] version = MapKey.noncurrent(
                    bucket,
                    ObjectKey.stored(at.objectKey()),
                    new RowReader("n", value).format(1).u64());
            byte[] row = parts.ground().map().get(version);
            if (row == null || !NoncurrentRow.decode(row).row().isNull()) {
                found.add("a null version of bucket " + bucket + " is not where its row says");
            }
        });
        Set<UploadId> uploads = new HashSet<>();
        rows(Family.UPLOAD).forEach((key, value) -> {
            RowReader at = key(key);
            long bucket = at.u64();
            at.objectKey();
            uploads.add(new UploadId(at.raw(16)));
            name(named, domains.get(bucket), UploadRow.decode(value).slot(), "an upload of bucket " + bucket);
        });
        rows(Family.PART).forEach((key, value) -> {
            if (!uploads.contains(new UploadId(key(key).raw(16)))) {
                found.add("a part without its upload");
            }
        });
        rows(Family.SLOT).forEach((key, value) -> {
            RowReader at = key(key);
            int domain = at.u32();
            long slot = at.u64();
            SlotKind kind = SlotRow.decode(value).kind();
            boolean hasName = kind == SlotKind.VERSION || kind == SlotKind.UPLOAD;
            if (hasName && !named.getOrDefault(domain, Set.of()).contains(slot)) {
                found.add("slot " + slot + " of domain " + domain + " serves nothing that has a name");
            }
        });
    }

    /** A version below another, or a marker; only a marker is on top, and only where no version is. */
    private void noncurrent(
            Map<Integer, Set<Long>> named, Map<Long, Integer> domains, byte[] key, NoncurrentRow noncurrent) {
        RowReader at = key(key);
        long bucket = at.u64();
        ObjectKey object = ObjectKey.stored(at.objectKey());
        boolean hasCurrent = parts.ground().map().get(MapKey.current(bucket, object)) != null;
        boolean newest = java.util.Arrays.equals(
                key,
                KeyVersions.newest(Rows.of(parts.ground().map()), bucket, object)
                        .orElseThrow()
                        .rowKey());
        if ((noncurrent.since() == 0) != (newest && !hasCurrent)) {
            found.add("of " + object + " in bucket " + bucket + " a version or marker is not where it belongs");
        }
        if (!noncurrent.row().isMarker()) {
            name(named, domains.get(bucket), noncurrent.row().slot(), "a version of bucket " + bucket);
        } else if (domains.get(bucket) == null) {
            found.add("a marker whose bucket is gone");
        }
    }

    private void name(
            Map<Integer, Set<Long>> named, @org.jspecify.annotations.Nullable Integer domain, long slot, String what) {
        if (domain == null) {
            found.add(what + " whose bucket is gone");
        } else if (parts.ground().map().get(MapKey.slot(domain, slot)) == null) {
            found.add(what + " without its slot " + slot);
        } else {
            named.computeIfAbsent(domain, d -> new TreeSet<>()).add(slot);
        }
    }

    /** Every blob that a row names is there; those that are there without a row were under way in a crash. */
    private void blobs(long inFlight) throws IOException {
        Set<BlobName> named = new HashSet<>();
        rows(Family.SLOT)
                .forEach((key, value) -> named.addAll(SlotRow.decode(value).blobs()));
        rows(Family.PART)
                .forEach((key, value) -> named.add(PartRow.decode(value).blob()));
        Set<BlobName> stored = new HashSet<>();
        parts.ground().blobs().list(listed -> stored.add(listed.name()));
        named.stream()
                .filter(blob -> !stored.contains(blob))
                .forEach(blob -> found.add("blob " + blob + " is named and not there"));
        stored.removeAll(named);
        if (stored.size() > inFlight) {
            found.add("nobody names the blobs " + stored + ", and only " + inFlight + " were under way in a crash");
        }
    }

    /** Every custodian has the current key of each domain that it holds, and no other. */
    public static List<String> checkCustodians(Store store, List<ErasableCustodian> custodians) {
        List<String> wrong = new ArrayList<>();
        DomainRoots.read(store.parts().ground().map()).forEach((number, row) -> {
            var domain = new Domain(number, row.root().domain());
            for (ErasableCustodian custodian : custodians) {
                List<String> expected = row.root().wrapOf(custodian.id()).stream()
                        .map(RootRecord.Wrap::handle)
                        .toList();
                List<String> found = custodian.list(domain);
                if (!found.equals(expected)) {
                    wrong.add("custodian " + custodian.id() + " holds " + found + " of domain " + number + ", not "
                            + expected);
                }
            }
        });
        return wrong;
    }

    /** The custody folder of a server that has stopped, on all its mirrors, has the current key of each domain that it holds, and no other. */
    public static List<String> checkCustody(List<Path> mirrors) {
        List<String> found = new ArrayList<>();
        var random = new SecureRandom();
        try (CustodyFolder custody = CustodyFolder.open(mirrors, Disk.real(), random)) {
            var custodian = new FileCustodian(custody, false, random);
            for (Domain domain : custody.domains()) {
                List<String> live = custodian.list(domain);
                List<String> kept =
                        custody.roots(domain.number()).current().orElseThrow().wrapOf(FileCustodian.ID).stream()
                                .map(RootRecord.Wrap::handle)
                                .toList();
                if (!live.equals(kept)) {
                    found.add("custodian keeps " + live + " of " + domain + ", not " + kept + " alone");
                }
            }
            for (Path mirror : mirrors) {
                found.addAll(keysOfNoDomain(mirror, custody.domains()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Live sectors of the key file where no domain is: two sectors of 4 KiB a domain, a live one begins allodKS1. */
    private static List<String> keysOfNoDomain(Path folder, Collection<Domain> domains) throws IOException {
        List<String> found = new ArrayList<>();
        byte[] file = Files.readAllBytes(folder.resolve("keys"));
        for (int at = 0; at + 8 <= file.length; at += 4096) {
            int number = at / 8192;
            boolean live = new String(file, at, 8, StandardCharsets.US_ASCII).equals("allodKS1");
            if (live && domains.stream().noneMatch(domain -> domain.number() == number)) {
                found.add("custodian keeps a key of domain " + number + ", which was never made");
            }
        }
        return found;
    }
}
