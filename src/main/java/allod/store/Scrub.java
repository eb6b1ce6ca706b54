package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.log.CompactTree;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of the data folder again, at a set rate, and authenticates it: what a disk lost or changed is found before
 * somebody needs it. One at a time; it goes on where it was stopped, also after a restart. What is damaged is an event of
 * its owner's, a metric and a line of the result. Changes nothing. Safe for use by many threads.
 */
public final class Scrub implements AutoCloseable {
    /** Slowest rate, bytes a second. */
    public static final long MIN_RATE = 64 << 10;

    private static final String ACTOR = "system/scrub";
    private static final int ROWS_AT_ONCE = 64;
    private static final int LEAVES_AT_ONCE = 256;
    private static final long SAVE_EVERY_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 100_000_000;

    private final Ground ground;
    private final PeriodKeys periods;
    private final InstantSource clock;
    private final ScrubFile file;
    private @Nullable Thread thread;
    private volatile boolean stopping;
    private volatile ScrubProgress progress;

    // Of the thread that runs.
    private OptionalLong rate = OptionalLong.empty();
    private long startNanos;
    private long startBytes;
    private long savedNanos;

    Scrub(Ground ground, PeriodKeys periods, InstantSource clock, Path data) throws IOException {
        this.ground = ground;
        this.periods = periods;
        this.clock = clock;
        this.file = new ScrubFile(ground.disk(), data);
        this.progress = new ScrubProgress(file.read());
    }

    /** A row as it was read. */
    private record Row(byte[] key, byte[] value) {}

    private static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    public ScrubState state() {
        return progress.state();
    }

    /**
     * Begins a scrub, or goes on with one that was stopped; one that runs goes on at the new rate.
     *
     * @param bytesPerSecond at least {@link #MIN_RATE}; empty for as fast as the disk goes
     * @param anew whether to begin at the beginning although one was stopped
     * @throws Problem INVALID_ARGUMENT for a rate that is none
     */
    public synchronized ScrubState start(Principal actor, OptionalLong bytesPerSecond, boolean anew)
            throws IOException {
        if (bytesPerSecond.isPresent() && bytesPerSecond.getAsLong() < MIN_RATE) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The scrub was not begun.",
                    "The rate is " + bytesPerSecond.getAsLong() + " bytes a second.",
                    "Give at least " + MIN_RATE + ", or none for no limit.");
        }
        stop();
        boolean goOn = state().phase() == ScrubState.Phase.STOPPED && !anew;
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        ScrubProgress next = goOn ? new ScrubProgress(state()) : ScrubProgress.begin(now);
        record(EventBody.of("scrub.begin")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("from", goOn ? "where it was stopped" : "the beginning"));
        next.enter(ScrubState.Phase.RUNNING);
        rate = bytesPerSecond;
        startNanos = System.nanoTime();
        startBytes = next.state().bytes();
        savedNanos = startNanos;
        stopping = false;
        progress = next;
        thread = Thread.ofPlatform().name("scrub").daemon().start(this::run);
        return state();
    }

    /** Stops it, if it runs; it can be gone on with. */
    public synchronized ScrubState stop() {
        Thread running = thread;
        if (running != null) {
            // Not by an interrupt, which would close the file that is being read.
            stopping = true;
            boolean interrupted = false;
            while (running.isAlive()) {
                try {
                    running.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            thread = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return state();
    }

    private void record(EventBody body) throws IOException {
        byte[] bytes = body.outcome("ok").toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, bytes)));
    }

    private void run() {
        try {
            var rows = new ScrubRows(ground, periods, this::read);
            byte[] after = HexFormat.of().parseHex(state().after());
            for (Family family : inOrder()) {
                if (after.length == 0 || Byte.toUnsignedInt(after[0]) <= Byte.toUnsignedInt(family.code)) {
                    scrub(rows, family, after);
                }
            }
            checkLog();
            progress.enter(ScrubState.Phase.DONE);
            ScrubState done = state();
            record(EventBody.of("scrub.done")
                    .text("actor", ACTOR)
                    .text("purpose", "scrub")
                    .number("rows", done.rows())
                    .number("size", done.bytes())
                    .number("unchecked", done.unchecked())
                    .number("damaged", done.damaged()));
        } catch (StoppedException asked) {
            progress.enter(ScrubState.Phase.STOPPED);
        } catch (IOException | RuntimeException e) {
            progress.enter(ScrubState.Phase.STOPPED);
            ground.log().warn("the scrub stops: {}", e.getMessage());
        }
        save();
    }

    private void save() {
        try {
            file.write(state());
        } catch (IOException e) {
            ground.log().warn("where the scrub stands was not written down: {}", e.getMessage());
        }
    }

    /** The families as their rows stand in the map. */
    private static List<Family> inOrder() {
        return Arrays.stream(Family.values())
                .sorted(Comparator.comparingInt(family -> Byte.toUnsignedInt(family.code)))
                .toList();
    }

    /** A family's rows from a key on; rows that the engine cannot read end the family. */
    private void scrub(ScrubRows rows, Family family, byte[] after) throws IOException {
        byte[] end = MapKey.after(MapKey.family(family));
        byte[] from = after.length > 0 && after[0] == family.code
                ? Arrays.copyOf(after, after.length + 1)
                : MapKey.family(family);
        boolean more = true;
        while (more) {
            List<Row> some;
            try {
                some = some(from, end);
            } catch (RuntimeException unreadable) {
                damaged("rows of the family " + (char) family.code + " from the key "
                        + HexFormat.of().formatHex(from) + " on cannot be read: " + unreadable.getMessage());
                return;
            }
            for (Row row : some) {
                check(rows, family, row);
                advance(row);
                from = Arrays.copyOf(row.key, row.key.length + 1);
            }
            more = some.size() == ROWS_AT_ONCE;
        }
    }

    private List<Row> some(byte[] from, byte[] end) {
        List<Row> some = new ArrayList<>();
        try (Cursor cursor = ground.map().scan(from, end)) {
            while (some.size() < ROWS_AT_ONCE && cursor.next()) {
                some.add(new Row(cursor.key(), cursor.value()));
            }
        }
        return some;
    }

    private void check(ScrubRows rows, Family family, Row row) throws IOException {
        Optional<String> wrong = wrong(rows, family, row);
        // What was changed or erased while it was looked at is no damage.
        if (wrong.isPresent() && Arrays.equals(row.value, ground.map().get(row.key))) {
            damaged(rows, family, row, wrong.get());
        }
    }

    private Optional<String> wrong(ScrubRows rows, Family family, Row row) throws IOException {
        try {
            return switch (rows.check(family, row.key, row.value)) {
                case WHOLE -> Optional.empty();
                case UNCHECKED -> {
                    progress.unchecked();
                    yield Optional.empty();
                }
                case KEY_MISSING -> Optional.of("its key or the row that holds it is missing");
            };
        } catch (StoppedException stopped) {
            throw stopped;
        } catch (ReadTickets.ErasedException erased) {
            return Optional.empty();
        } catch (Problem problem) {
            return switch (problem.reason()) {
                case DAMAGED -> Optional.of(problem.why());
                case CUSTODIAN_AWAY, BUSY -> {
                    // Its keys cannot be had now.
                    progress.unchecked();
                    yield Optional.empty();
                }
                default -> throw problem;
            };
        } catch (IOException | RuntimeException unreadable) {
            return Optional.of(String.valueOf(unreadable.getMessage()));
        }
    }

    private void damaged(ScrubRows rows, Family family, Row row, String wrong) throws IOException {
        InspectedRow shown = Inspection.row(row.key, row.value);
        String object = shown.fields().getOrDefault("objectKey", "");
        Optional<ScrubRows.Named> bucket = object.isEmpty()
                ? Optional.empty()
                : rows.bucket(Long.parseUnsignedLong(shown.fields().getOrDefault("bucketId", "0")));
        String what = bucket.map(named -> "s3://" + named.name().value() + "/" + object)
                .orElse("the row " + shown.key() + " (" + family.name().toLowerCase(java.util.Locale.ROOT) + ")");
        if (bucket.isPresent()) {
            byte[] body = EventBody.of("scrub.damaged")
                    .text("actor", ACTOR)
                    .text("purpose", "scrub")
                    .bucket(bucket.get().name())
                    .text("key", object)
                    .text("why", RowText.text(wrong))
                    .outcome("damaged")
                    .toBytes();
            BucketRow owner = bucket.get().row();
            append(new Event(owner.owner(), owner.domain(), EventClass.CHANGE, body));
            count(what + ": " + wrong);
        } else {
            damaged(what + ": " + wrong);
        }
    }

    /** Damage that is no owner's object is an event of the system's chain. */
    private void damaged(String text) throws IOException {
        byte[] body = EventBody.of("scrub.damaged")
                .text("actor", ACTOR)
                .text("purpose", "scrub")
                .text("why", RowText.text(text))
                .outcome("damaged")
                .toBytes();
        append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, body));
        count(text);
    }

    /** No more events than damages that are kept by name, so that a disk that fails does not fill the log. */
    private void append(Event event) throws IOException {
        if (state().damaged() < ScrubState.MAX_NAMED) {
            ground.sequencer().submit(transaction -> transaction.append(event));
        }
    }

    private void count(String text) {
        ground.log().error("the scrub found damage: {}", RowText.text(text));
        progress.damaged(RowText.text(text));
    }

    private void advance(Row row) throws IOException {
        progress.advance(row.key);
        read(row.key.length + (long) row.value.length);
        if (System.nanoTime() - savedNanos > SAVE_EVERY_NANOS) {
            savedNanos = System.nanoTime();
            save();
        }
    }

    /** Counts what was read, and waits where that was faster than the rate. */
    private void read(long bytes) throws IOException {
        long read = progress.read(bytes);
        if (rate.isPresent()) {
            long due = startNanos + (long) ((read - startBytes) * 1e9 / rate.getAsLong());
            for (long ahead = due - System.nanoTime(); ahead > 0 && !stopping; ahead = due - System.nanoTime()) {
                pause(Math.min(ahead, PAUSE_NANOS));
            }
        }
        if (stopping) {
            throw new StoppedException();
        }
    }

    private static void pause(long nanos) throws StoppedException {
        try {
            Thread.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            throw new StoppedException();
        }
    }

    /** The root over all entries, computed from them alone, is the one that the running server has. */
    private void checkLog() throws IOException {
        LogState now = ground.sequencer().state();
        byte[] root = now.tree().copy().root().bytes();
        var entries = new LogEntries(ground.map(), now.log());
        var tree = new CompactTree();
        while (tree.size() < now.size()) {
            int count = (int) Math.min(LEAVES_AT_ONCE - tree.size() % LEAVES_AT_ONCE, now.size() - tree.size());
            List<byte[]> some = entries.entries(tree.size(), count);
            if (some.size() != count) {
                damaged("the log lacks entries from " + tree.size() + " on");
                return;
            }
            some.forEach(tree::append);
            read(0);
        }
        if (!Arrays.equals(tree.root().bytes(), root)) {
            damaged("the log's " + now.size() + " entries do not give its root");
        }
    }

    @Override
    public void close() {
        stop();
    }
}
