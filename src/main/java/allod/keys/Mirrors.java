package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The mirrors of one custody folder: those that are present and take every write, those that are missing and hold
 * erasures up, and those that were given up. A mirror that fails is missing until the next start; the last one must not
 * fail. Safe for use by many threads: whatever is done with mirrors is done under one lock.
 */
final class Mirrors implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] installation;
    /** Changed under the lock; read without it by who only looks. */
    private final List<Mirror> present;

    private final Map<String, String> whyMissing = new TreeMap<>();
    private List<KnownMirror> known;
    private Optional<Levelling> unsettled;

    /**
     * @param present all open, the newest first
     * @param known what that state says of the mirrors there are
     * @param whyMissing by id, for those of them that could not be opened
     * @param levelling what is to be written before anything else is
     */
    Mirrors(
            byte[] installation,
            List<Mirror> present,
            List<KnownMirror> known,
            Map<String, String> whyMissing,
            Levelling levelling) {
        this.installation = installation;
        this.present = new CopyOnWriteArrayList<>(present);
        this.known = known;
        this.whyMissing.putAll(whyMissing);
        this.unsettled = Optional.of(levelling);
    }

    byte[] installation() {
        return installation.clone();
    }

    /** What is done with one mirror. */
    @FunctionalInterface
    interface Action {
        void on(Mirror mirror) throws IOException;
    }

    /** What is asked of one mirror. */
    @FunctionalInterface
    interface Question<T> {
        T of(Mirror mirror) throws IOException;
    }

    /** Runs under the lock; it may be taken again within. */
    void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does the same with every mirror; one that fails is missing from now on.
     *
     * @throws UncheckedIOException if the last one failed, now or before
     */
    void onEach(Action action) {
        lock.lock();
        try {
            requireOne();
            for (Mirror mirror : List.copyOf(present)) {
                try {
                    action.on(mirror);
                } catch (IOException e) {
                    drop(mirror, e);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes all mirrors hold the same, once, before the first write. */
    void settle() {
        locked(() -> {
            Optional<Levelling> once = unsettled;
            unsettled = Optional.empty();
            once.ifPresent(levelling -> {
                onEach(levelling::takeOver);
                onEach(levelling::append);
            });
        });
    }

    /** The log's head: before the mirrors are level it may stand in another than the newest. */
    Optional<byte[]> logHead() {
        return unsettled
                .map(Levelling::logHead)
                .orElseGet(() -> first(mirror -> mirror.journal().logHead()))
                .map(byte[]::clone);
    }

    /** The same of a domain's high-water mark. */
    long highWater(int domain) {
        return unsettled
                .map(levelling -> levelling.marks().getOrDefault(domain, 0L))
                .orElseGet(() -> first(mirror -> mirror.journal().highWater(domain)));
    }

    /** Asks one mirror after another until one has an answer; one that fails is missing from now on. */
    <T> Optional<T> find(Question<Optional<T>> question) {
        lock.lock();
        try {
            requireOne();
            for (Mirror mirror : List.copyOf(present)) {
                try {
                    Optional<T> answer = question.of(mirror);
                    if (answer.isPresent()) {
                        return answer;
                    }
                } catch (IOException e) {
                    drop(mirror, e);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Asks the first mirror that can answer: all hold the same. */
    <T> T first(Question<T> question) {
        return find(mirror -> Optional.of(question.of(mirror))).orElseThrow(this::noneLeft);
    }

    private void drop(Mirror mirror, IOException why) {
        if (present.remove(mirror)) {
            whyMissing.put(mirror.identity().id(), "it failed: " + why.getMessage());
            mirror.close();
        }
        requireOne(why);
    }

    private void requireOne() {
        requireOne(null);
    }

    private void requireOne(@Nullable IOException cause) {
        if (present.isEmpty()) {
            UncheckedIOException none = noneLeft();
            if (cause != null) {
                none.addSuppressed(cause);
            }
            throw none;
        }
    }

    private UncheckedIOException noneLeft() {
        return new UncheckedIOException(
                "The last custody mirror failed.", new IOException("all mirrors failed: " + whyMissing));
    }

    /** Whether the mirror in a folder takes every write now; never waits. */
    boolean isPresent(Path folder) {
        return present.stream().anyMatch(mirror -> mirror.folder().equals(folder));
    }

    private boolean isPresent(String id) {
        return present.stream().anyMatch(mirror -> mirror.identity().id().equals(id));
    }

    /** @throws Problem CUSTODIAN_AWAY if a mirror that was not given up is missing */
    void requireAll() {
        lock.lock();
        try {
            List<String> gone = new ArrayList<>();
            for (KnownMirror mirror : known) {
                if (mirror.isMember() && !isPresent(mirror.id())) {
                    gone.add(mirror.id() + " at " + mirror.path() + " (" + why(mirror) + ")");
                }
            }
            if (!gone.isEmpty()) {
                throw new Problem(
                        Reason.CUSTODIAN_AWAY,
                        "Nothing can be erased now.",
                        "Missing of the custody mirrors: " + String.join("; ", gone) + ".",
                        "Bring it back and restart, or give it up: allod custody mirror forget ID. Reads and writes go"
                                + " on.");
            }
        } finally {
            lock.unlock();
        }
    }

    private String why(KnownMirror mirror) {
        return whyMissing.getOrDefault(mirror.id(), "no path given leads to it");
    }

    /** All that are known of, in the order in which they came. */
    List<CustodyMirror> list() {
        lock.lock();
        try {
            return known.stream().map(this::shown).toList();
        } finally {
            lock.unlock();
        }
    }

    private CustodyMirror shown(KnownMirror mirror) {
        boolean here = isPresent(mirror.id());
        CustodyMirror.State state = here
                ? CustodyMirror.State.PRESENT
                : mirror.isMember() ? CustodyMirror.State.MISSING : CustodyMirror.State.FORGOTTEN;
        return new CustodyMirror(
                mirror.id(),
                state,
                mirror.path(),
                here ? Optional.empty() : Optional.of(why(mirror)),
                mirror.forgotten().map(Instant::ofEpochSecond));
    }

    /** @throws Problem INVALID_ARGUMENT if there is no such mirror that is missing, or too many were given up */
    KnownMirror requireForgettable(String id) {
        lock.lock();
        try {
            KnownMirror mirror = known.stream()
                    .filter(it -> it.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> notForgotten(
                            "There is no custody mirror " + id + ".", "List them:" + " allod custody mirror list"));
            if (isPresent(id)) {
                throw notForgotten(
                        "The mirror " + id + " is present and takes every write.",
                        "To take it out, remove its path from custody.paths, restart, then forget it.");
            }
            long forgotten = known.stream().filter(it -> !it.isMember()).count();
            if (mirror.isMember() && forgotten >= KnownMirror.MAX_FORGOTTEN) {
                throw notForgotten(
                        KnownMirror.MAX_FORGOTTEN + " mirrors were given up already, and each may hold old keys.",
                        "Bring one of them back, so that it is overwritten.");
            }
            return mirror;
        } finally {
            lock.unlock();
        }
    }

    private static Problem notForgotten(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "No custody mirror was given up.", why, next);
    }

    /** Gives a missing mirror up; again changes nothing. */
    void forget(String id, long seconds) {
        lock.lock();
        try {
            if (requireForgettable(id).isMember()) {
                record(known.stream()
                        .map(mirror -> mirror.id().equals(id) ? mirror.forgottenAt(seconds) : mirror)
                        .toList());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The keys of mirrors that had been given up and are here again were overwritten: they are mirrors as any other. */
    void overwritten() {
        lock.lock();
        try {
            record(known.stream()
                    .map(mirror -> isPresent(mirror.id()) ? mirror.asMember() : mirror)
                    .toList());
        } finally {
            lock.unlock();
        }
    }

    private void record(List<KnownMirror> now) {
        if (!now.equals(known)) {
            settle();
            onEach(mirror -> mirror.journal().append(List.of(JournalEntry.mirrors(now))));
            known = now;
        }
    }

    @Override
    public void close() {
        locked(() -> {
            present.forEach(Mirror::close);
            present.clear();
        });
    }
}
