package allod.keys;

import allod.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One mirror's journal: everything custody knows but the custodian's keys, as appended entries in a row of segments. Its
 * state is what the entries say one after another. The oldest segment goes when nothing in it is needed, or when over
 * half of all bytes are dead: what it still holds is appended again first. The caller holds the folder's lock.
 */
final class Journal {
    /** A segment that reached this size takes no further append. */
    static final long SEGMENT_BYTES = 8 << 20;

    private final Disk disk;
    private final Path folder;
    private final MirrorIdentity identity;
    private final long segmentBytes;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<Integer, Holdings> domains = new TreeMap<>();
    private byte @Nullable [] logHead;
    private @Nullable Item logHeadItem;
    private List<KnownMirror> mirrors = List.of();
    private @Nullable Item mirrorsItem;
    private boolean whole = true;
    private long sequence;

    private Journal(Disk disk, Path folder, MirrorIdentity identity, long segmentBytes) {
        this.disk = disk;
        this.folder = folder;
        this.identity = identity;
        this.segmentBytes = segmentBytes;
    }

    /** Bytes of a segment that the state needs; counted there for as long as they do. */
    private static final class Item {
        private final Segment segment;
        private final long at;
        private final int length;

        Item(Segment segment, long at, int length) {
            this.segment = segment;
            this.at = at;
            this.length = length;
            segment.liveItems++;
            segment.liveBytes += length;
        }

        byte[] read() throws IOException {
            return segment.read(at, length);
        }

        /** Takes this item's place in the state; the older one is needed no longer. */
        Item instead(@Nullable Item older) {
            release(older);
            return this;
        }

        static void release(@Nullable Item item) {
            if (item != null) {
                item.segment.liveItems--;
                item.segment.liveBytes -= item.length;
            }
        }
    }

    /** An attempt that is not current, and where its pages lie. */
    private record Pending(JournalEntry.Packed pack, Segment segment, long base, Item item) {}

    /** The state of one domain. */
    private static final class Holdings {
        private @Nullable RootRecord current;
        private @Nullable Item currentItem;
        private final Map<PageName, Item> pages = new HashMap<>();
        private @Nullable Pending pending;
        private long highWater;
        private @Nullable Item highWaterItem;

        void setCurrent(RootRecord record, Segment segment, long at) {
            current = record;
            currentItem = new Item(segment, at, 0).instead(currentItem);
        }

        void putPages(List<JournalEntry.PageAt> changed, Segment segment, long base) {
            for (JournalEntry.PageAt page : changed) {
                Item item = new Item(segment, base + page.offset(), page.length());
                Item.release(pages.put(page.name(), item));
            }
        }

        void setPending(@Nullable Pending next) {
            Pending older = pending;
            pending = next;
            if (older != null) {
                Item.release(older.item);
            }
        }

        /** The pending attempt becomes the current one, if it is the one that was named. */
        void markCurrent(long generation, long attempt) {
            Pending done = pending;
            if (done == null || !isAttempt(done.pack.record(), generation, attempt)) {
                return;
            }
            setCurrent(done.pack.record(), done.segment, done.base);
            putPages(done.pack.changed(), done.segment, done.base);
            done.pack.dropped().forEach(name -> Item.release(pages.remove(name)));
            setPending(null);
        }

        private static boolean isAttempt(RootRecord record, long generation, long attempt) {
            return record.generation() == generation && record.intent().attempt() == attempt;
        }
    }

    static Journal open(Disk disk, Path folder, MirrorIdentity identity, long segmentBytes)
            throws IOException, Segment.DamagedJournal {
        Journal journal = new Journal(disk, folder, identity, segmentBytes);
        try {
            journal.openSegments();
        } catch (IOException | Segment.DamagedJournal | RuntimeException e) {
            journal.close();
            throw e;
        }
        return journal;
    }

    private void openSegments() throws IOException, Segment.DamagedJournal {
        List<Long> numbers = segmentNumbers();
        if (!numbers.isEmpty() && Segment.unfinished(disk, folder, numbers.getLast(), identity)) {
            disk.delete(Segment.path(folder, numbers.removeLast()));
        }
        for (long number : numbers) {
            boolean last = number == numbers.getLast();
            Segment.Opened opened = Segment.open(disk, folder, number, identity, last);
            if (!segments.isEmpty() && segments.getLast().number + 1 != number) {
                throw new Segment.DamagedJournal("the journal's segment " + (number - 1) + " is missing");
            }
            segments.add(opened.segment());
            replay(opened);
        }
        if (segments.isEmpty()) {
            segments.add(Segment.create(disk, folder, 1, identity));
        }
        disk.forceFolder(folder);
        requireWholeState();
    }

    private List<Long> segmentNumbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (Path path : disk.list(folder)) {
            String name = path.getFileName().toString();
            if (name.matches("journal-[0-9a-f]{16}")) {
                numbers.add(Long.parseUnsignedLong(name.substring(8), 16));
            }
        }
        numbers.sort(null);
        return numbers;
    }

    private void replay(Segment.Opened opened) throws Segment.DamagedJournal {
        for (Segment.Frame frame : opened.frames()) {
            if (frame.sequence() < sequence) {
                throw new Segment.DamagedJournal(
                        "the journal goes back from append " + sequence + " to " + frame.sequence());
            }
            sequence = frame.sequence();
            try {
                apply(ByteBuffer.wrap(frame.entries()), opened.segment(), frame.at());
            } catch (IllegalArgumentException e) {
                throw new Segment.DamagedJournal("append " + sequence + " cannot be read: " + e.getMessage());
            }
        }
    }

    /** Every current root has its root page. */
    private void requireWholeState() throws Segment.DamagedJournal {
        if (!whole) {
            return;
        }
        for (Holdings holdings : domains.values()) {
            RootRecord current = holdings.current;
            if (current != null && !holdings.pages.containsKey(new PageName(current.height() - 1, 0))) {
                throw new Segment.DamagedJournal("the root page of " + current + " is missing");
            }
        }
    }

    /** The number of the last append. */
    long sequence() {
        return sequence;
    }

    /** Whether all is here: false after a crash in the middle of a {@link #copy}. */
    boolean isWhole() {
        return whole;
    }

    /** Appends entries in one write and one sync. */
    void append(List<byte[]> entries) throws IOException {
        appendAbove(sequence, entries);
    }

    /** The same, under the number above this one. */
    void appendAbove(long last, List<byte[]> entries) throws IOException {
        appendAt(last + 1, entries);
        dropOldSegments();
    }

    /** Takes over the whole state of another mirror's journal, some megabytes an append. */
    void copy(Journal other) throws IOException {
        Copy copy = new Copy();
        copy.add(JournalEntry.reset());
        for (Map.Entry<Integer, Holdings> domain : other.domains.entrySet()) {
            addHoldings(copy, domain.getKey(), domain.getValue(), segment -> true);
        }
        other.addRest(copy, segment -> true);
        copy.add(JournalEntry.copied());
        appendAt(Math.max(sequence, other.sequence), copy.entries);
        dropOldSegments();
    }

    /** Takes the entries that say a part of the state again. */
    @FunctionalInterface
    private interface Entries {
        void add(byte[] entry) throws IOException;
    }

    /** What is gathered for the next append of a copy. It keeps the old number until the copy is whole. */
    private final class Copy implements Entries {
        private List<byte[]> entries = new ArrayList<>();
        private long bytes;

        @Override
        public void add(byte[] entry) throws IOException {
            if (bytes + entry.length > segmentBytes / 2 && !entries.isEmpty()) {
                appendAt(sequence, entries);
                entries = new ArrayList<>();
                bytes = 0;
            }
            entries.add(entry);
            bytes += entry.length;
        }
    }

    private void appendAt(long frameSequence, List<byte[]> entries) throws IOException {
        byte[] frame = Segment.frame(frameSequence, entries);
        Segment head = segments.getLast();
        if (head.size() >= segmentBytes) {
            head = Segment.create(disk, folder, head.number + 1, identity);
            segments.add(head);
        }
        long at = head.append(frame);
        sequence = frameSequence;
        int length = frame.length - Segment.FRAME_EXTRA_BYTES;
        apply(ByteBuffer.wrap(frame, Segment.FRAME_HEAD_BYTES, length).slice(), head, at);
    }

    /** Takes the entries of one append into the state; {@code base} is where they begin in the segment. */
    private void apply(ByteBuffer entries, Segment segment, long base) {
        while (entries.hasRemaining()) {
            int start = entries.position();
            JournalEntry entry = JournalEntry.read(entries);
            long at = base + start;
            int length = entries.position() - start;
            switch (entry) {
                case JournalEntry.Packed packed ->
                    holdings(packed.domain().number())
                            .setPending(new Pending(packed, segment, base, new Item(segment, at, length)));
                case JournalEntry.Kept kept -> {
                    Holdings holdings = holdings(kept.domain().number());
                    holdings.setCurrent(kept.record(), segment, at);
                    holdings.putPages(kept.pages(), segment, base);
                }
                case JournalEntry.Current current ->
                    holdings(current.domain()).markCurrent(current.generation(), current.attempt());
                case JournalEntry.HighWater mark -> {
                    Holdings holdings = holdings(mark.domain());
                    holdings.highWater = mark.value();
                    holdings.highWaterItem = new Item(segment, at, length).instead(holdings.highWaterItem);
                }
                case JournalEntry.LogHead head -> {
                    logHead = head.head();
                    logHeadItem = new Item(segment, at, length).instead(logHeadItem);
                }
                case JournalEntry.MirrorList list -> {
                    mirrors = list.mirrors();
                    mirrorsItem = new Item(segment, at, length).instead(mirrorsItem);
                }
                case JournalEntry.Reset reset -> forgetAll();
                case JournalEntry.Copied copied -> whole = true;
            }
        }
    }

    private void forgetAll() {
        domains.clear();
        logHead = null;
        logHeadItem = null;
        mirrors = List.of();
        mirrorsItem = null;
        whole = false;
        segments.forEach(Segment::forgetLive);
    }

    private Holdings holdings(int domain) {
        return domains.computeIfAbsent(domain, number -> new Holdings());
    }

    /** The oldest segments go; the order matters, because a segment may unsay what an older one says. */
    private void dropOldSegments() throws IOException {
        while (segments.size() > 1 && (segments.getFirst().liveItems == 0 || mostlyDead())) {
            Segment oldest = segments.getFirst();
            if (oldest.liveItems > 0) {
                appendAt(sequence, entriesNeeded(segment -> segment == oldest));
            }
            segments.removeFirst();
            oldest.delete(disk);
            disk.forceFolder(folder);
        }
    }

    private boolean mostlyDead() {
        long all = segments.stream().mapToLong(Segment::size).sum();
        long live = segments.stream().mapToLong(segment -> segment.liveBytes).sum();
        return all > 2 * live + 2 * segmentBytes;
    }

    /** The part of the state that lies in some segments, as entries that say it again. */
    private List<byte[]> entriesNeeded(Predicate<Segment> where) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        for (Map.Entry<Integer, Holdings> domain : domains.entrySet()) {
            addHoldings(entries::add, domain.getKey(), domain.getValue(), where);
        }
        addRest(entries::add, where);
        return entries;
    }

    private void addRest(Entries entries, Predicate<Segment> where) throws IOException {
        for (Item item : new Item[] {logHeadItem, mirrorsItem}) {
            if (item != null && where.test(item.segment)) {
                entries.add(item.read());
            }
        }
    }

    /** Pages that one entry says again, so that no append outgrows its bound. */
    private static final int PAGES_AN_ENTRY = 512;

    private static void addHoldings(Entries entries, int number, Holdings holdings, Predicate<Segment> where)
            throws IOException {
        RootRecord current = holdings.current;
        Item record = holdings.currentItem;
        if (current != null && record != null) {
            boolean said = !where.test(record.segment);
            List<StoredPage> pages = new ArrayList<>();
            for (Map.Entry<PageName, Item> page : holdings.pages.entrySet()) {
                if (where.test(page.getValue().segment)) {
                    pages.add(new StoredPage(page.getKey(), page.getValue().read()));
                }
                if (pages.size() == PAGES_AN_ENTRY) {
                    entries.add(JournalEntry.kept(number, current, pages));
                    pages = new ArrayList<>();
                    said = true;
                }
            }
            if (!pages.isEmpty() || !said) {
                entries.add(JournalEntry.kept(number, current, pages));
            }
        }
        Pending pending = holdings.pending;
        if (pending != null && where.test(pending.segment)) {
            entries.add(pending.item.read());
        }
        Item highWater = holdings.highWaterItem;
        if (highWater != null && where.test(highWater.segment)) {
            entries.add(highWater.read());
        }
    }

    /** The mirrors that this one knows of, itself included; empty where nothing was ever said of them. */
    List<KnownMirror> mirrors() {
        return mirrors;
    }

    /** All high-water marks. */
    Map<Integer, Long> highWaters() {
        Map<Integer, Long> marks = new TreeMap<>();
        domains.forEach((number, holdings) -> marks.put(number, holdings.highWater));
        return marks;
    }

    /** Whether another mirror's journal says the same of everything. */
    boolean holdsTheSame(Journal other) {
        return whole
                && sequence == other.sequence
                && mirrors.equals(other.mirrors)
                && Arrays.equals(logHead, other.logHead)
                && highWaters().equals(other.highWaters())
                && domains.keySet().stream()
                        .allMatch(number -> current(number).equals(other.current(number))
                                && pending(number).equals(other.pending(number)));
    }

    /** Domains that have or had a current root. */
    List<Domain> domainsWithCurrent() {
        List<Domain> known = new ArrayList<>();
        domains.forEach((number, holdings) -> {
            if (holdings.current != null) {
                known.add(new Domain(number, holdings.current.domain()));
            }
        });
        return known;
    }

    Optional<RootRecord> current(int domain) {
        Holdings holdings = domains.get(domain);
        return holdings == null ? Optional.empty() : Optional.ofNullable(holdings.current);
    }

    Optional<RootRecord> pending(int domain) {
        Holdings holdings = domains.get(domain);
        return holdings == null || holdings.pending == null
                ? Optional.empty()
                : Optional.of(holdings.pending.pack.record());
    }

    Set<PageName> currentPageNames(int domain) {
        Holdings holdings = domains.get(domain);
        return holdings == null ? Set.of() : Set.copyOf(holdings.pages.keySet());
    }

    byte @Nullable [] currentPage(int domain, PageName name) throws IOException {
        Holdings holdings = domains.get(domain);
        Item item = holdings == null ? null : holdings.pages.get(name);
        return item == null ? null : item.read();
    }

    /** The pending attempt of a domain, read from the disk now. */
    Optional<Pack> readPending(int domain) throws IOException {
        Holdings holdings = domains.get(domain);
        Pending pending = holdings == null ? null : holdings.pending;
        return pending == null ? Optional.empty() : Optional.of(JournalEntry.readPack(pending.item.read()));
    }

    long highWater(int domain) {
        Holdings holdings = domains.get(domain);
        return holdings == null ? 0 : holdings.highWater;
    }

    Optional<byte[]> logHead() {
        return Optional.ofNullable(logHead).map(byte[]::clone);
    }

    /** Bytes of all segments, for tests of their bound. */
    long sizeBytes() {
        return segments.stream().mapToLong(Segment::size).sum();
    }

    void close() {
        for (Segment segment : segments) {
            segment.close();
        }
    }
}
