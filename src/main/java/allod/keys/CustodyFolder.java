package allod.keys;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What must be small, today's and never copied: the file custodian's keys, each domain's current root record and pages,
 * the attempt that is pending, the slots' high-water marks and the log's head. It is mirrored to every path given; each
 * write goes to every mirror that is present, in one append and one sync. The bytes are in docs/formats/custody.md.
 *
 * <p>A mirror that fails is missing until the next start; erasures wait while one is, unless it is given up. When the
 * last one fails, every method throws {@link UncheckedIOException} from then on: nothing is known of what was written, so
 * the process must stop. Safe for use by many threads.
 */
public final class CustodyFolder implements AutoCloseable {
    /** Longest log head, in bytes. */
    public static final int MAX_LOG_HEAD_BYTES = 64 * 1024;

    /** Most mirrors. */
    public static final int MAX_MIRRORS = KnownMirror.MAX_MEMBERS;

    private final Disk disk;
    private final Mirrors mirrors;

    private CustodyFolder(Disk disk, Mirrors mirrors) {
        this.disk = disk;
        this.mirrors = mirrors;
    }

    /** The roots custody holds of a domain: the one that is current, and an attempt that is not yet. */
    public record Roots(Optional<RootRecord> current, Optional<RootRecord> pending) {}

    /** The attempt that a domain's commit made current. */
    public record Mark(Domain domain, RootRecord record) {}

    /**
     * Opens the custody folder and takes it for this process; makes it where the paths are new. Where some are mirrors of
     * an installation, the empty ones and those that are not there yet become mirrors of it too, and one that cannot be
     * opened, or is not where it was last, is missing.
     *
     * @param paths the mirrors; all new, or at least one of an installation
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     * @throws Problem UNUSABLE_FOLDER if another process has it, its file system is refused, or the paths do not belong
     *     together; DAMAGED if bytes that were once synced are not what was written, in every mirror
     * @throws UncheckedIOException if the file system fails
     */
    public static CustodyFolder open(List<Path> paths, Disk disk, RandomGenerator random) {
        return open(paths, disk, random, Journal.SEGMENT_BYTES);
    }

    static CustodyFolder open(List<Path> paths, Disk disk, RandomGenerator random, long segmentBytes) {
        if (paths.isEmpty() || paths.size() > MAX_MIRRORS) {
            throw new IllegalArgumentException(paths.size() + " custody paths, 1 to " + MAX_MIRRORS);
        }
        return new CustodyFolder(disk, MirrorOpening.open(paths, disk, random, segmentBytes));
    }

    /** The installation's 16 random bytes, drawn when the folder was made. */
    public byte[] installation() {
        return mirrors.installation();
    }

    /** The mirrors there are, those missing and those given up included, in the order in which they came. */
    public List<CustodyMirror> mirrors() {
        return mirrors.list();
    }

    /** The folders of the mirrors that are present. */
    public List<Path> presentFolders() {
        List<Path> folders = new ArrayList<>();
        mirrors.onEach(mirror -> folders.add(mirror.folder()));
        return folders;
    }

    /** Whether the mirror in one of these folders is present still; never waits. */
    public boolean isPresent(Path folder) {
        return mirrors.isPresent(folder);
    }

    /**
     * Checks that {@link #forget} would go through now.
     *
     * @throws Problem INVALID_ARGUMENT
     */
    public void requireForgettable(String mirror) {
        mirrors.requireForgettable(mirror);
    }

    /**
     * Gives up a mirror that is missing: erasures do not wait for it any longer. What it holds of keys stays there until
     * it is seen again and overwritten.
     *
     * @param mirror its id
     * @param now kept in whole seconds
     * @throws Problem INVALID_ARGUMENT if there is no such mirror, it is present, or too many were given up
     */
    public void forget(String mirror, Instant now) {
        mirrors.forget(mirror, now.getEpochSecond());
    }

    /** All mirrors hold the same and know of one another; before a key is written to any. */
    void settle() {
        mirrors.settle();
    }

    /** The keys in all mirrors that are present are today's and no others: also in those that had been given up. */
    void keysOverwritten() {
        mirrors.overwritten();
    }

    /** Domains that have a current root; a new domain's number is above all of them and all of the map's. */
    public Collection<Domain> domains() {
        return read(Journal::domainsWithCurrent);
    }

    public Roots roots(int domain) {
        return read(journal -> new Roots(journal.current(domain), journal.pending(domain)));
    }

    /** The pages of a domain's current root, as a restored map takes them over. */
    public PageSource currentPages(int domain) {
        return name -> read(journal -> Optional.ofNullable(journal.currentPage(domain, name)))
                .orElse(null);
    }

    /** Where the current root has pages, in no order. */
    public Collection<PageName> currentPageNames(int domain) {
        return read(journal -> journal.currentPageNames(domain));
    }

    /**
     * Writes attempts to every mirror, all in one append and one sync. An older pending attempt of the same domain is
     * forgotten.
     */
    public void appendPending(List<Pack> packs) {
        append(packs.stream().map(JournalEntry::packed).toList());
    }

    /**
     * Reads pending attempts back from every mirror's disk.
     *
     * @return the attempts as read, in the order given
     * @throws Problem DAMAGED if a mirror does not hold what was written
     */
    public List<Pack> readBack(List<Pack> written) {
        List<Pack> read = new ArrayList<>();
        mirrors.onEach(mirror -> {
            read.clear();
            written.forEach(pack -> read.add(readBack(mirror, pack)));
        });
        return List.copyOf(read);
    }

    private Pack readBack(Mirror mirror, Pack written) {
        String how;
        try {
            Optional<Pack> read = mirror.journal().readPending(written.domain().number());
            if (read.equals(Optional.of(written))) {
                return read.get();
            }
            how = "other bytes came back than were written";
        } catch (IOException | IllegalArgumentException e) {
            how = "it cannot be read back: " + e.getMessage();
        }
        throw new Problem(
                Reason.DAMAGED,
                "The erasure was not begun.",
                "In the custody folder " + mirror.folder() + ", of " + written.record() + ", " + how + ".",
                "Check that disk; nothing was destroyed.");
    }

    /**
     * Says which attempts are current now, durably, in one append and one sync. Saying it again changes nothing.
     *
     * @throws IllegalStateException if one is neither pending nor current here
     */
    public void markCurrent(List<Mark> marks) {
        for (Mark mark : marks) {
            Roots roots = roots(mark.domain().number());
            Optional<RootRecord> named = Optional.of(mark.record());
            if (!named.equals(roots.pending()) && !named.equals(roots.current())) {
                throw new IllegalStateException("custody holds no " + mark.record());
            }
        }
        append(marks.stream()
                .map(mark -> JournalEntry.current(mark.domain().number(), mark.record()))
                .toList());
    }

    /** The first slot of a domain that was never reserved; 0 for a new one. */
    public long highWater(int domain) {
        return mirrors.highWater(domain);
    }

    /**
     * Raises high-water marks, durably when it returns.
     *
     * @throws IllegalArgumentException if a mark would go back
     */
    public void raiseHighWater(Map<Integer, Long> marks) {
        mirrors.locked(() -> {
            mirrors.settle();
            marks.forEach((domain, value) -> {
                if (Long.compareUnsigned(value, highWater(domain)) < 0) {
                    throw new IllegalArgumentException("the high-water mark of domain " + domain + " cannot go from "
                            + highWater(domain) + " back to " + value);
                }
            });
            append(marks.entrySet().stream()
                    .map(mark -> JournalEntry.highWater(mark.getKey(), mark.getValue()))
                    .toList());
        });
        disk.reached(FaultPoint.HIGH_WATER_SYNCED);
    }

    /**
     * The newest log head, in the store's own bytes; empty if none was ever written. Of two mirrors' heads the higher one
     * counts, byte by byte unsigned: so a later head must be a higher one.
     */
    public Optional<byte[]> logHead() {
        return mirrors.logHead();
    }

    /**
     * Writes the log's head, durably when it returns. Costs one small append and one sync.
     *
     * @throws IllegalArgumentException if it is longer than {@link #MAX_LOG_HEAD_BYTES}
     */
    public void writeLogHead(byte[] head) {
        if (head.length > MAX_LOG_HEAD_BYTES) {
            throw new IllegalArgumentException(
                    "a log head of " + head.length + " bytes, at most " + MAX_LOG_HEAD_BYTES);
        }
        append(List.of(JournalEntry.logHead(head)));
        disk.reached(FaultPoint.LOG_HEAD_SYNCED);
    }

    /**
     * An erasure must reach every mirror there is, but those given up.
     *
     * @throws Problem CUSTODIAN_AWAY if one is missing
     */
    public void requireAllMirrors() {
        mirrors.requireAll();
    }

    /** File system types of the mirrors that are present. */
    List<String> fileSystems() {
        List<String> types = new ArrayList<>();
        mirrors.onEach(mirror -> types.add(mirror.fileSystem()));
        return types;
    }

    /** As {@link Mirrors#onEach}. */
    void onEach(Mirrors.Action action) {
        mirrors.onEach(action);
    }

    /** As {@link Mirrors#find}. */
    <T> Optional<T> find(Mirrors.Question<Optional<T>> question) {
        return mirrors.find(question);
    }

    private void append(List<byte[]> entries) {
        mirrors.settle();
        mirrors.onEach(mirror -> mirror.journal().append(entries));
    }

    private interface Reading<T> {
        T of(Journal journal) throws IOException;
    }

    private <T> T read(Reading<T> reading) {
        return mirrors.first(mirror -> reading.of(mirror.journal()));
    }

    @Override
    public void close() {
        mirrors.close();
    }
}
