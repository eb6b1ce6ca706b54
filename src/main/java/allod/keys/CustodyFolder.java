package allod.keys;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What must be small, today's and never copied: the file custodian's keys, each domain's current root record and pages,
 * the attempt that is pending, the slots' high-water marks and the log's head. It is mirrored to every path given; each
 * write goes to every mirror that is present, in one append and one sync. The bytes are in docs/formats/custody.md.
 *
 * <p>A mirror that fails is missing until the next start; erasures wait while one is. When the last one fails, every
 * method throws {@link UncheckedIOException} from then on: nothing is known of what was written, so the process must
 * stop. Safe for use by many threads.
 */
public final class CustodyFolder implements AutoCloseable {
    /** Longest log head, in bytes. */
    public static final int MAX_LOG_HEAD_BYTES = 64 * 1024;

    private final Disk disk;
    private final byte[] installation;
    private final int mirrorsInAll;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Mirror> present;
    private final List<String> missing = new ArrayList<>();

    private CustodyFolder(Disk disk, MirrorIdentity identity, List<Mirror> present) {
        this.disk = disk;
        this.installation = identity.installation();
        this.mirrorsInAll = identity.all().size();
        this.present = present;
    }

    /** The roots custody holds of a domain: the one that is current, and an attempt that is not yet. */
    public record Roots(Optional<RootRecord> current, Optional<RootRecord> pending) {}

    /** The attempt that a domain's commit made current. */
    public record Mark(Domain domain, RootRecord record) {}

    /**
     * Opens the custody folder and takes it for this process; makes it where the paths are new.
     *
     * @param paths the mirrors; all new, or all of one installation
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     * @throws Problem UNUSABLE_FOLDER if another process has it, its file system is refused, or the paths do not belong
     *     together; DAMAGED if bytes that were once synced are not what was written
     * @throws UncheckedIOException if the file system fails
     */
    public static CustodyFolder open(List<Path> paths, Disk disk, RandomGenerator random) {
        return open(paths, disk, random, Journal.SEGMENT_BYTES);
    }

    static CustodyFolder open(List<Path> paths, Disk disk, RandomGenerator random, long segmentBytes) {
        if (paths.isEmpty() || paths.size() > MirrorIdentity.MAX_MIRRORS) {
            throw new IllegalArgumentException(paths.size() + " custody paths, 1 to " + MirrorIdentity.MAX_MIRRORS);
        }
        List<Mirror> mirrors = new ArrayList<>();
        boolean opened = false;
        try {
            for (Path path : paths) {
                mirrors.add(Mirror.take(path, disk));
            }
            MirrorIdentity identity = identify(mirrors, disk, random);
            for (Mirror mirror : mirrors) {
                mirror.openFiles(disk, segmentBytes);
            }
            CustodyFolder folder = new CustodyFolder(disk, identity, mirrors);
            folder.levelMirrors();
            opened = true;
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("The custody folder " + paths + " could not be opened.", e);
        } finally {
            if (!opened) {
                mirrors.forEach(Mirror::close);
            }
        }
    }

    private static MirrorIdentity identify(List<Mirror> mirrors, Disk disk, RandomGenerator random) throws IOException {
        List<MirrorIdentity> found = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            mirror.readIdentity(disk).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            return identifyNew(mirrors, disk, random);
        }
        boolean together = found.size() == mirrors.size()
                && found.stream()
                        .allMatch(id -> Arrays.equals(
                                id.installation(), found.getFirst().installation()))
                && found.stream()
                                .map(id -> Arrays.hashCode(id.mirror()))
                                .distinct()
                                .count()
                        == found.size();
        if (!together) {
            throw Mirror.unusable(
                    mirrors.getFirst().folder(),
                    "The paths given are not mirrors of one another: some are new, of another installation, or copies.",
                    "Name the paths that were given when the installation was made.");
        }
        return found.getFirst();
    }

    private static MirrorIdentity identifyNew(List<Mirror> mirrors, Disk disk, RandomGenerator random)
            throws IOException {
        byte[] installation = id(random);
        List<byte[]> all = mirrors.stream().map(mirror -> id(random)).toList();
        for (int i = 0; i < mirrors.size(); i++) {
            mirrors.get(i).writeIdentity(disk, new MirrorIdentity(installation, all.get(i), all));
        }
        return new MirrorIdentity(installation, all.getFirst(), all);
    }

    private static byte[] id(RandomGenerator random) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return id;
    }

    /** A crash between two mirrors leaves one an append behind, an absence many: each takes over the newest's state. */
    private void levelMirrors() throws IOException {
        Journal newest = present.getFirst().journal();
        for (Mirror mirror : present) {
            if (mirror.journal().sequence() > newest.sequence()) {
                newest = mirror.journal();
            }
        }
        for (Mirror mirror : present) {
            if (mirror.journal().sequence() < newest.sequence()) {
                mirror.journal().copy(newest);
            }
        }
    }

    /** The installation's 16 random bytes, drawn when the folder was made. */
    public byte[] installation() {
        return installation.clone();
    }

    /** Whether nothing was ever recorded here. */
    public boolean isNew() {
        return read(Journal::isEmpty);
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
        lock.lock();
        try {
            List<Pack> read = List.of();
            for (Mirror mirror : present) {
                read = written.stream().map(pack -> readBack(mirror, pack)).toList();
            }
            return read;
        } finally {
            lock.unlock();
        }
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
        return read(journal -> journal.highWater(domain));
    }

    /**
     * Raises high-water marks, durably when it returns.
     *
     * @throws IllegalArgumentException if a mark would go back
     */
    public void raiseHighWater(Map<Integer, Long> marks) {
        lock.lock();
        try {
            marks.forEach((domain, value) -> {
                if (Long.compareUnsigned(value, highWater(domain)) < 0) {
                    throw new IllegalArgumentException("the high-water mark of domain " + domain + " cannot go from "
                            + highWater(domain) + " back to " + value);
                }
            });
            append(marks.entrySet().stream()
                    .map(mark -> JournalEntry.highWater(mark.getKey(), mark.getValue()))
                    .toList());
        } finally {
            lock.unlock();
        }
        disk.reached(FaultPoint.HIGH_WATER_SYNCED);
    }

    /** The newest log head, in the store's own bytes; empty if none was ever written. */
    public Optional<byte[]> logHead() {
        return read(Journal::logHead);
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
     * An erasure must reach every mirror there is.
     *
     * @throws Problem CUSTODIAN_AWAY if one is missing
     */
    public void requireAllMirrors() {
        lock.lock();
        try {
            if (present.size() < mirrorsInAll) {
                throw new Problem(
                        Reason.CUSTODIAN_AWAY,
                        "Nothing can be erased now.",
                        "Of " + mirrorsInAll + " custody mirrors " + present.size() + " are present"
                                + (missing.isEmpty() ? "." : "; failed: " + missing + "."),
                        "Bring the missing mirror back and restart; reads and writes go on.");
            }
        } finally {
            lock.unlock();
        }
    }

    /** File system types of the mirrors that are present. */
    List<String> fileSystems() {
        return onPresent(mirrors -> mirrors.stream().map(Mirror::fileSystem).toList());
    }

    /** What is done with one mirror. */
    @FunctionalInterface
    interface Action {
        void on(Mirror mirror) throws IOException;
    }

    /** What is asked of all mirrors that are present. */
    @FunctionalInterface
    interface Question<T> {
        T of(List<Mirror> mirrors) throws IOException;
    }

    /** Does the same with every mirror; one that fails is missing from now on, the last one must not fail. */
    void onEach(Action action) {
        lock.lock();
        try {
            requireOne(null);
            for (Mirror mirror : List.copyOf(present)) {
                try {
                    action.on(mirror);
                } catch (IOException e) {
                    missing.add(mirror.folder() + " (" + e + ")");
                    present.remove(mirror);
                    mirror.close();
                    requireOne(e);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    <T> T onPresent(Question<T> question) {
        lock.lock();
        try {
            requireOne(null);
            return question.of(List.copyOf(present));
        } catch (IOException e) {
            throw new UncheckedIOException("The custody folder could not be read.", e);
        } finally {
            lock.unlock();
        }
    }

    private void requireOne(@Nullable IOException cause) {
        if (present.isEmpty()) {
            IOException why = cause == null ? new IOException("all mirrors failed: " + missing) : cause;
            throw new UncheckedIOException("The last custody mirror failed.", why);
        }
    }

    private void append(List<byte[]> entries) {
        onEach(mirror -> mirror.journal().append(entries));
    }

    private interface Reading<T> {
        T of(Journal journal) throws IOException;
    }

    private <T> T read(Reading<T> reading) {
        return onPresent(mirrors -> reading.of(mirrors.getFirst().journal()));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            present.forEach(Mirror::close);
            present.clear();
        } finally {
            lock.unlock();
        }
    }
}
