package allod.store;

import allod.keys.CustodyFolder;
import allod.keys.Domain;
import allod.keys.FileCustodian;
import allod.keys.OutstandingShare;
import allod.keys.PageName;
import allod.keys.PageSource;
import allod.keys.RootChoice;
import allod.keys.RootRecord;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts custody's key pages, root records and high-water marks in the place of an old map's. Every step may be repeated:
 * a domain's root record is written last, and all that is written is custody's.
 */
final class RestoredKeys {
    private static final int PAGES_A_COMMIT = 256;
    private static final String UNKNOWN = "what it held at the time of the restore is not known";

    private final MetadataEngine map;
    private final CustodyFolder custody;

    RestoredKeys(MetadataEngine map, CustodyFolder custody) {
        this.map = map;
        this.custody = custody;
    }

    void takeOver(Map<Integer, RootChoice> choices) throws IOException {
        for (Map.Entry<Integer, RootChoice> choice : choices.entrySet()) {
            if (choice.getValue() instanceof RootChoice.MapOlder(RootRecord root, Optional<RootRecord> old)) {
                takeOver(choice.getKey(), root);
            }
        }
        for (Domain domain : custody.domains()) {
            goOnAtHighWater(domain.number());
        }
        closeReservations();
    }

    private void takeOver(int domain, RootRecord root) throws IOException {
        Set<PageName> current = new HashSet<>(custody.currentPageNames(domain));
        List<Write> writes = new ArrayList<>();
        byte[] from = new RowWriter(5).u8(Family.PAGE.code).u32(domain).toBytes();
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                var key = new RowReader("k", cursor.key());
                key.raw(5);
                if (!current.contains(new PageName(key.u8(), key.u64()))) {
                    writes.add(new Write.Delete(cursor.key()));
                    writes = committedWhenFull(writes);
                }
            }
        }
        PageSource pages = custody.currentPages(domain);
        for (PageName name : current) {
            byte[] page = pages.page(name);
            if (page == null) {
                throw new IllegalStateException("custody names " + name + " of domain " + domain + " and lacks it");
            }
            writes.add(new Write.Put(MapKey.page(domain, name.level(), name.index()), page));
            writes = committedWhenFull(writes);
        }
        // The evidence of the last erasures is in the lost map; the chain goes on at the last that the record names.
        var row = new DomainRow(
                root,
                Optional.empty(),
                Optional.empty(),
                root.previousReceipt(),
                outstanding(domain, root),
                abandoned(domain));
        writes.add(new Write.Put(MapKey.root(domain), row.encode()));
        map.commit(List.of(), writes);
    }

    /**
     * What custodians that were away may still hold: what the copy knows, and of each custodian elsewhere that it may hold
     * a share of any generation since, because the list of those is lost. The next erasure destroys it or keeps the note.
     */
    private List<OutstandingShare> outstanding(int domain, RootRecord root) {
        byte[] value = map.get(MapKey.root(domain));
        Optional<DomainRow> row = Optional.ofNullable(value).map(DomainRow::decode);
        List<OutstandingShare> all =
                new ArrayList<>(row.map(DomainRow::outstanding).orElse(List.of()));
        Set<String> elsewhere = new TreeSet<>(root.plan().custodians());
        row.ifPresent(it -> elsewhere.addAll(it.root().plan().custodians()));
        elsewhere.remove(FileCustodian.ID);
        for (String custodian : elsewhere) {
            boolean told = all.stream().anyMatch(share -> isOfAnyGeneration(share, custodian));
            if (!told) {
                all.add(new OutstandingShare(custodian, root.generation() - 1, Optional.empty(), new byte[0], UNKNOWN));
            }
        }
        return all;
    }

    /** Attempts given up before the copy was made; where they were destroyed since, that is only looked at once more. */
    private List<RootRecord> abandoned(int domain) {
        return Optional.ofNullable(map.get(MapKey.root(domain)))
                .map(DomainRow::decode)
                .map(DomainRow::abandoned)
                .orElse(List.of());
    }

    private static boolean isOfAnyGeneration(OutstandingShare share, String custodian) {
        return share.custodian().equals(custodian) && share.wrap().isEmpty();
    }

    private List<Write> committedWhenFull(List<Write> writes) throws IOException {
        if (writes.size() < PAGES_A_COMMIT) {
            return writes;
        }
        map.commit(List.of(), writes);
        return new ArrayList<>();
    }

    /** Below custody's mark every number may have been given out since the copy. */
    private void goOnAtHighWater(int domain) throws IOException {
        long mark = custody.highWater(domain);
        byte[] row = new RowWriter(17).u8(1).u64(mark).u64(mark).toBytes();
        map.commit(List.of(), List.of(new Write.Put(MapKey.highWater(domain), row)));
    }

    /** What was reserved at the time of the copy is used by nobody now. */
    private void closeReservations() throws IOException {
        List<Write> writes = new ArrayList<>();
        byte[] from = MapKey.family(Family.RESERVATION);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                if (cursor.key().length > MapKey.highWater(0).length) {
                    writes.add(new Write.Delete(cursor.key()));
                    writes = committedWhenFull(writes);
                }
            }
        }
        map.commit(List.of(), writes);
    }
}
