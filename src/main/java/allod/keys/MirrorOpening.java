package allod.keys;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens the paths of a custody folder: which of them are mirrors of one another, which has the newest state, and what
 * the others take over. One that cannot be opened is missing, as long as one other can; an empty one is filled. What is
 * taken over is state alone; the keys follow when the domains' roots were chosen and opened. Nothing but the identities of new
 * mirrors is written here: a start that is refused afterwards has changed nothing.
 */
final class MirrorOpening {
    private final Disk disk;
    private final RandomGenerator random;
    private final long segmentBytes;

    /** All whose lock was taken, to be closed if the opening fails. */
    private final List<Mirror> taken = new ArrayList<>();

    private final List<Mirror> used = new ArrayList<>();
    private final List<Mirror> empty = new ArrayList<>();
    private final List<Path> absent = new ArrayList<>();
    private final Map<String, Exception> failed = new LinkedHashMap<>();

    private MirrorOpening(Disk disk, RandomGenerator random, long segmentBytes) {
        this.disk = disk;
        this.random = random;
        this.segmentBytes = segmentBytes;
    }

    /** Errors as {@link CustodyFolder#open} has them. */
    static Mirrors open(List<Path> paths, Disk disk, RandomGenerator random, long segmentBytes) {
        var opening = new MirrorOpening(disk, random, segmentBytes);
        boolean opened = false;
        try {
            Mirrors mirrors = opening.run(paths);
            opened = true;
            return mirrors;
        } catch (IOException e) {
            throw new UncheckedIOException("The custody folder " + paths + " could not be opened.", e);
        } finally {
            if (!opened) {
                opening.taken.forEach(Mirror::close);
            }
        }
    }

    private Mirrors run(List<Path> paths) throws IOException {
        for (Path path : paths) {
            look(path);
        }
        requireOneInstallation();
        if (used.isEmpty()) {
            beginInstallation(paths);
        }
        for (Mirror mirror : List.copyOf(used)) {
            openFiles(mirror);
        }
        Mirror newest = newest();
        List<KnownMirror> known = known(newest);
        Levelling levelling = levelling(newest, known);
        // The newest is asked first, so that before the others are level it is its state that is seen.
        used.remove(newest);
        used.addFirst(newest);
        Map<String, String> why = new TreeMap<>();
        for (KnownMirror mirror : known) {
            Exception failure = failed.get(mirror.path());
            if (failure != null) {
                why.put(mirror.id(), String.valueOf(failure.getMessage()));
            }
        }
        return new Mirrors(newest.identity().installation(), used, known, why, levelling);
    }

    private void look(Path path) {
        if (!disk.exists(path)) {
            absent.add(path);
            return;
        }
        try {
            Mirror mirror = Mirror.take(path, disk);
            taken.add(mirror);
            (mirror.readIdentity(disk).isPresent() ? used : empty).add(mirror);
        } catch (IOException e) {
            failed.put(place(path), e);
        }
    }

    static String place(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private void requireOneInstallation() {
        Set<String> ids = new HashSet<>();
        for (Mirror mirror : used) {
            if (!Arrays.equals(
                    mirror.identity().installation(), used.getFirst().identity().installation())) {
                throw apart(
                        "it belongs to another installation than "
                                + used.getFirst().folder(),
                        mirror);
            }
            if (!ids.add(mirror.identity().id())) {
                throw apart("it is a copy of another path given: a copy undoes erasures", mirror);
            }
        }
    }

    private static Problem apart(String why, Mirror mirror) {
        return Mirror.unusable(
                mirror.folder(),
                "The paths given are not mirrors of one another: " + why + ".",
                "Name the mirrors of one installation, and new, empty folders to be filled.");
    }

    private void beginInstallation(List<Path> paths) throws IOException {
        if (!failed.isEmpty()) {
            Map.Entry<String, Exception> first = failed.entrySet().iterator().next();
            throw Mirror.unusable(
                    Path.of(first.getKey()),
                    first.getValue().getMessage() + ".",
                    "Name a mirror of the custody folder that can be read, or for a new installation paths that are"
                            + " new.");
        }
        for (Path path : absent) {
            empty.add(make(path));
        }
        absent.clear();
        // In the order of the paths given, as operators will see them listed.
        empty.sort(Comparator.comparingInt(mirror -> paths.indexOf(mirror.folder())));
        byte[] installation = id();
        for (Mirror mirror : empty) {
            mirror.writeIdentity(disk, new MirrorIdentity(installation, id()));
        }
        used.addAll(empty);
        empty.clear();
    }

    private Mirror make(Path path) throws IOException {
        disk.createFolders(path);
        Mirror mirror = Mirror.take(path, disk);
        taken.add(mirror);
        return mirror;
    }

    private byte[] id() {
        byte[] id = new byte[MirrorIdentity.ID_BYTES];
        random.nextBytes(id);
        return id;
    }

    /** Opens a mirror's journal and keys; where that fails it is missing. */
    private void openFiles(Mirror mirror) {
        try {
            mirror.openFiles(disk, segmentBytes);
        } catch (IOException | Problem e) {
            fail(mirror, e);
        }
    }

    private void fail(Mirror mirror, Exception why) {
        failed.put(place(mirror.folder()), why);
        used.remove(mirror);
        mirror.close();
    }

    /** The mirror whose state counts: the one written last, of those that no other gave up. */
    private Mirror newest() {
        Set<String> forgotten = forgotten();
        List<Mirror> candidates = used.stream()
                .filter(mirror -> mirror.journal().isWhole())
                .filter(mirror -> !forgotten.contains(mirror.identity().id()))
                .toList();
        Mirror newest = candidates.stream()
                .max(Comparator.comparingLong(mirror -> mirror.journal().sequence()))
                .orElseThrow(this::none);
        for (Mirror mirror : candidates) {
            requireNotAhead(mirror, newest);
        }
        return newest;
    }

    private Set<String> forgotten() {
        Set<String> forgotten = new HashSet<>();
        for (Mirror mirror : used) {
            mirror.journal().mirrors().stream().filter(it -> !it.isMember()).forEach(it -> forgotten.add(it.id()));
        }
        return forgotten;
    }

    private RuntimeException none() {
        Optional<Exception> first = failed.values().stream().findFirst();
        if (first.isPresent() && used.isEmpty()) {
            return first.get() instanceof Problem problem
                    ? problem
                    : new UncheckedIOException(
                            "The custody folder could not be opened.",
                            new IOException(first.get().getMessage(), first.get()));
        }
        return new Problem(
                Reason.UNUSABLE_FOLDER,
                "The custody folder cannot be used.",
                "Each of its mirrors that could be opened was given up by another, or holds only part of a copy.",
                "Name the mirror that was in use last.");
    }

    /** The mirror written last holds the newest root of each domain, or the mirrors went separate ways. */
    private static void requireNotAhead(Mirror mirror, Mirror newest) {
        for (Domain domain : mirror.journal().domainsWithCurrent()) {
            long here = generation(mirror.journal(), domain.number());
            long there = generation(newest.journal(), domain.number());
            if (here > there) {
                throw Mirror.unusable(
                        mirror.folder(),
                        "It holds generation " + here + " of " + domain + ", and " + newest.folder()
                                + ", which was written later, holds " + there + ".",
                        "The mirrors were used apart from one another. Name only the one that belongs to the data"
                                + " folder.");
            }
        }
    }

    private static long generation(Journal journal, int domain) {
        return journal.current(domain).map(RootRecord::generation).orElse(0L);
    }

    /** The mirrors there are from now on: those known before, where they are today, and the new ones. */
    private List<KnownMirror> known(Mirror newest) {
        Map<String, KnownMirror> known = new LinkedHashMap<>();
        newest.journal().mirrors().forEach(mirror -> known.put(mirror.id(), mirror));
        used.forEach(mirror -> seen(mirror, known));
        for (Path path : absent) {
            boolean expected = known.values().stream()
                    .anyMatch(it -> it.isMember() && it.path().equals(place(path)));
            if (expected) {
                failed.put(place(path), new IOException("there is no folder " + path));
            } else {
                join(newest, known, path, Optional.empty());
            }
        }
        for (Mirror mirror : empty) {
            join(newest, known, mirror.folder(), Optional.of(mirror));
        }
        List<KnownMirror> all = List.copyOf(known.values());
        long members = all.stream().filter(KnownMirror::isMember).count();
        if (members > KnownMirror.MAX_MEMBERS) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The custody folder cannot be opened.",
                    members + " mirrors belong to it, at most " + KnownMirror.MAX_MEMBERS
                            + " are possible; those that are missing count too.",
                    "Start with fewer paths and give up those that are gone: allod custody mirror forget ID.");
        }
        return all;
    }

    private static void seen(Mirror mirror, Map<String, KnownMirror> known) {
        String id = mirror.identity().id();
        String place = place(mirror.folder());
        KnownMirror before = known.getOrDefault(id, new KnownMirror(id, place, Optional.empty()));
        known.put(id, before.at(place));
    }

    /** An empty folder becomes a mirror; where that fails it is left alone. */
    private void join(Mirror newest, Map<String, KnownMirror> known, Path path, Optional<Mirror> there) {
        @Nullable Mirror mirror = there.orElse(null);
        try {
            if (mirror == null) {
                mirror = make(path);
            }
            mirror.writeIdentity(disk, new MirrorIdentity(newest.identity().installation(), id()));
            mirror.openFiles(disk, segmentBytes);
            used.add(mirror);
            seen(mirror, known);
        } catch (IOException e) {
            failed.put(place(path), e);
            if (mirror != null) {
                mirror.close();
            }
        }
    }

    /** What the others knew better than the newest, to be written before anything else is. */
    private Levelling levelling(Mirror newest, List<KnownMirror> known) {
        List<byte[]> entries = new ArrayList<>();
        if (!known.equals(newest.journal().mirrors())) {
            entries.add(JournalEntry.mirrors(known));
        }
        Map<Integer, Long> marks = new TreeMap<>();
        Optional<byte[]> head = addHighest(newest.journal(), marks, entries);
        long last = used.stream()
                .mapToLong(mirror -> mirror.journal().sequence())
                .max()
                .orElse(0);
        return new Levelling(newest, entries, last, head, marks);
    }

    /** High-water marks and the log's head are the highest found; heads are ordered as their bytes are. */
    private Optional<byte[]> addHighest(Journal newest, Map<Integer, Long> marks, List<byte[]> entries) {
        Optional<byte[]> head = newest.logHead();
        Set<String> forgotten = forgotten();
        for (Mirror mirror : used) {
            mirror.journal().highWaters().forEach((domain, mark) -> marks.merge(domain, mark, MirrorOpening::higher));
            Optional<byte[]> other = mirror.journal().logHead();
            boolean higher =
                    other.isPresent() && (head.isEmpty() || Arrays.compareUnsigned(other.get(), head.get()) > 0);
            if (higher && !forgotten.contains(mirror.identity().id())) {
                head = other;
            }
        }
        marks.forEach((domain, mark) -> {
            if (mark != newest.highWater(domain)) {
                entries.add(JournalEntry.highWater(domain, mark));
            }
        });
        if (!Arrays.equals(head.orElse(null), newest.logHead().orElse(null))) {
            entries.add(JournalEntry.logHead(head.orElseThrow()));
        }
        return head;
    }

    private static long higher(long one, long other) {
        return Long.compareUnsigned(one, other) >= 0 ? one : other;
    }
}
