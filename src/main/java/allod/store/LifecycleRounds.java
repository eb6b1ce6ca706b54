package allod.store;

import allod.base.Problem;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the lifecycle rules of buckets: takes from the time index the keys whose time has come and looks at each
 * ({@link KeyLook}); where a bucket's rules changed it goes through all its keys. Each step is one commit of bounded size, in
 * which what ends, its event and the note of it change together, so that a step that was cut off is simply done again.
 */
final class LifecycleRounds implements AutoCloseable {
    /** Keys that one step looks at. */
    static final int KEYS = 64;

    /** Keys that one step of a walk passes over because no rule is for them. */
    private static final int PASSED = 2000;

    /** Erasures that may wait before rules add more. */
    static final int MAX_WAITING = 20_000;

    /** When a key is looked at again that changed under the look. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Ground ground;
    private final DueLooks looks;
    private final Versions versions;
    private final InstantSource clock;
    private final Thread thread;
    private long walked;
    private volatile boolean closed;

    LifecycleRounds(Ground ground, DueLooks looks, Versions versions, InstantSource clock) {
        this.ground = ground;
        this.looks = looks;
        this.versions = versions;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("lifecycle").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                if (!stepPatiently()) {
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What cannot be done now is due still at the next step. */
    private boolean stepPatiently() {
        try {
            return step();
        } catch (IOException | RuntimeException notNow) {
            if (!closed) {
                ground.log().warn("the lifecycle of buckets waits: {}", notNow.getMessage());
            }
            return false;
        }
    }

    /** A day's length decides how late a rule may be: a hundredth of it, at most a minute. */
    private synchronized void pause() throws InterruptedException {
        long millis = Math.clamp(looks.day().toMillis() / 100, 50, LONGEST_PAUSE.toMillis());
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /** A key to look at, and where it is noted; the note is empty in a walk. */
    private record Task(Optional<byte[]> note, long bucketId, ObjectKey key, DueRow row) {}

    /**
     * Does a bounded part of what is to be done.
     *
     * @return whether there may be more
     */
    boolean step() throws IOException {
        if (ground.queue().backgroundSize() >= MAX_WAITING) {
            return false;
        }
        boolean onTheWay = walk();
        return lookAtDue() || onTheWay;
    }

    private boolean lookAtDue() throws IOException {
        Instant now = ground.time().trust(clock.instant());
        List<Task> tasks = new ArrayList<>(KEYS);
        try (Cursor cursor = ground.map().scan(MapKey.dueFrom(1), MapKey.dueFrom(now.getEpochSecond() + 1))) {
            while (tasks.size() < KEYS && cursor.next()) {
                tasks.add(task(cursor.key(), cursor.value()));
            }
        }
        if (tasks.isEmpty()) {
            return false;
        }
        Map<Integer, List<Task>> domains = new LinkedHashMap<>();
        for (Task task : tasks) {
            int domain = bucket(ground.map().get(MapKey.bucket(task.row.bucket())), task.bucketId)
                    .map(BucketRow::domain)
                    .orElse(Domains.SYSTEM);
            domains.computeIfAbsent(domain, d -> new ArrayList<>()).add(task);
        }
        for (Map.Entry<Integer, List<Task>> domain : domains.entrySet()) {
            if (!looked(domain.getKey(), domain.getValue(), Optional.empty())) {
                postpone(domain.getValue());
            }
        }
        return true;
    }

    /** Looks at keys of one domain; false where its custodians cannot be asked now, for which no other waits. */
    private boolean looked(int domain, List<Task> tasks, Optional<Alongside> alongside) throws IOException {
        try {
            ground.secrets().admit(domain);
            look(tasks, alongside);
            return true;
        } catch (Problem away) {
            ground.log().warn("the lifecycle of domain {} waits: {}", domain, away.getMessage());
            return false;
        }
    }

    private void postpone(List<Task> tasks) throws IOException {
        ground.sequencer().submitPatiently(transaction -> {
            long later = DueLooks.seconds(transaction.now().plus(AGAIN));
            for (Task task : tasks) {
                task.note.ifPresent(transaction::delete);
                transaction.put(MapKey.due(later, task.bucketId, task.key.bytes()), task.row.encode());
            }
            return true;
        });
    }

    private static Task task(byte[] key, byte[] value) {
        var row = new RowReader("i", key);
        row.u8();
        row.u8();
        row.u32();
        long bucketId = row.u64();
        var task = new Task(Optional.of(key), bucketId, ObjectKey.stored(row.objectKey()), DueRow.decode(value));
        row.end();
        return task;
    }

    /** How far a walk through a bucket's keys has come. */
    private record Walk(byte[] note, long bucketId, DueRow row) {}

    /** Goes on with one of the walks, each in its turn. */
    private boolean walk() throws IOException {
        Optional<Walk> found = walkAfter(walked).or(() -> walkAfter(0));
        if (found.isEmpty()) {
            return false;
        }
        Walk walk = found.get();
        walked = walk.bucketId;
        LifecycleRules rules = looks.rules(walk.bucketId);
        List<Task> tasks = new ArrayList<>(KEYS);
        byte[] last = walk.row.after();
        boolean done = false;
        for (int passed = 0; !done && passed < PASSED && tasks.size() < KEYS; passed++) {
            Optional<byte[]> next = keyAfter(walk.bucketId, last);
            done = next.isEmpty();
            if (next.isPresent()) {
                last = next.get();
                ObjectKey key = ObjectKey.stored(last);
                if (rules.takes(key)) {
                    DueRow row = DueRow.ofKey(walk.row.bucket(), DueRow.Position.START);
                    tasks.add(new Task(Optional.empty(), walk.bucketId, key, row));
                }
            }
        }
        DueRow ahead = DueRow.ofAll(walk.row.bucket(), last);
        Optional<DueRow> onwards = done ? Optional.empty() : Optional.of(ahead);
        int domain = bucket(ground.map().get(MapKey.bucket(walk.row.bucket())), walk.bucketId)
                .map(BucketRow::domain)
                .orElse(Domains.SYSTEM);
        return looked(domain, tasks, Optional.of(transaction -> advance(transaction, walk, onwards)));
    }

    private interface Alongside {
        void stage(Transaction transaction);
    }

    /** Where the rules changed again meanwhile the walk began anew, and stays so. */
    private static void advance(Transaction transaction, Walk walk, Optional<DueRow> ahead) {
        byte[] now = transaction.get(walk.note);
        if (now == null || !Arrays.equals(now, walk.row.encode())) {
            return;
        }
        if (ahead.isPresent()) {
            transaction.put(walk.note, ahead.get().encode());
        } else {
            transaction.delete(walk.note);
        }
    }

    private Optional<Walk> walkAfter(long bucketId) {
        byte[] from = MapKey.due(0, bucketId + 1, new byte[0]);
        try (Cursor cursor = ground.map().scan(from, MapKey.dueFrom(1))) {
            if (!cursor.next()) {
                return Optional.empty();
            }
            var row = new RowReader("i", cursor.key());
            row.u8();
            row.u8();
            row.u32();
            return Optional.of(new Walk(cursor.key(), row.u64(), DueRow.decode(cursor.value())));
        }
    }

    /** The next object key of a bucket that has a version, a marker or an upload; the empty key stands before all. */
    private Optional<byte[]> keyAfter(long bucketId, byte[] key) {
        Optional<byte[]> least = Optional.empty();
        for (Family family : List.of(Family.CURRENT, Family.NONCURRENT, Family.UPLOAD)) {
            Optional<byte[]> next = keyAfter(family, bucketId, key);
            least = least.filter(it -> next.isEmpty() || Arrays.compareUnsigned(it, next.get()) <= 0)
                    .or(() -> next);
        }
        return least;
    }

    private Optional<byte[]> keyAfter(Family family, long bucketId, byte[] key) {
        byte[] bucket = MapKey.bucketFrom(family, bucketId);
        byte[] from = key.length == 0 ? bucket : MapKey.after(MapKey.keyed(family, bucketId, key));
        try (Cursor cursor = ground.map().scan(from, MapKey.after(bucket))) {
            if (!cursor.next()) {
                return Optional.empty();
            }
            var row = new RowReader("key", cursor.key());
            row.u8();
            row.u64();
            return Optional.of(row.objectKey());
        }
    }

    private void look(List<Task> tasks, Optional<Alongside> alongside) throws IOException {
        List<Map<Long, KeyLook.Tags>> tags = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            tags.add(tags(task));
        }
        ground.sequencer().submitPatiently(transaction -> {
            for (int i = 0; i < tasks.size(); i++) {
                look(transaction, tasks.get(i), tags.get(i));
            }
            alongside.ifPresent(it -> it.stage(transaction));
            return true;
        });
    }

    private void look(Transaction transaction, Task task, Map<Long, KeyLook.Tags> tags) {
        task.note.ifPresent(transaction::delete);
        Optional<BucketRow> bucket = bucket(transaction.get(MapKey.bucket(task.row.bucket())), task.bucketId);
        if (bucket.isEmpty()) {
            return;
        }
        BucketName name = task.row.bucket();
        var look = new KeyLook(ground, looks, transaction, bucket.get(), name, task.key, tags);
        KeyLook.Outcome outcome = look.look(task.row.position());
        outcome.next().ifPresent(when -> DueLooks.note(transaction, when, task.bucketId, name, task.key));
        if (outcome.again()) {
            DueLooks.note(transaction, transaction.now().plus(AGAIN), task.bucketId, name, task.key);
        }
        outcome.rest().ifPresent(rest -> {
            byte[] note = task.note.orElseGet(
                    () -> MapKey.due(DueLooks.seconds(Instant.EPOCH), task.bucketId, task.key.bytes()));
            transaction.put(note, DueRow.ofKey(name, rest).encode());
        });
    }

    private static Optional<BucketRow> bucket(byte @Nullable [] value, long id) {
        return value == null
                ? Optional.empty()
                : Optional.of(BucketRow.decode(value)).filter(it -> it.id() == id);
    }

    /** The tags of the versions that a look will meet: they are sealed, and opened before the commit. */
    private Map<Long, KeyLook.Tags> tags(Task task) {
        Optional<BucketRow> bucket = bucket(ground.map().get(MapKey.bucket(task.row.bucket())), task.bucketId);
        if (bucket.isEmpty() || !looks.rules(task.bucketId).askForTags(task.key)) {
            return Map.of();
        }
        Map<Long, KeyLook.Tags> tags = new HashMap<>();
        for (NameRow row : rows(bucket.get(), task)) {
            versions.open(bucket.get(), row).ifPresent(opened -> {
                opened.ticket().close();
                tags.put(
                        row.slot(),
                        new KeyLook.Tags(
                                opened.row().sealedMetadata(),
                                opened.description().metadata().tags()));
            });
        }
        return tags;
    }

    private List<NameRow> rows(BucketRow bucket, Task task) {
        List<NameRow> rows = new ArrayList<>();
        NameRow.ofNullable(ground.map().get(MapKey.current(bucket.id(), task.key)))
                .ifPresent(rows::add);
        byte[] all = MapKey.noncurrentOf(bucket.id(), task.key);
        DueRow.Position position = task.row.position();
        byte[] from =
                position.isStart() ? all : MapKey.after(MapKey.noncurrent(bucket.id(), task.key, position.below()));
        try (Cursor cursor = ground.map().scan(from, MapKey.after(all))) {
            for (int passed = 0; passed < KeyLook.ROWS && cursor.next(); passed++) {
                NameRow row = NoncurrentRow.decode(cursor.value()).row();
                if (!row.isMarker()) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** Finishes the step under way. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
