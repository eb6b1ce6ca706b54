package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the map for a backup of the running server. A copy is of one moment; from before that moment on until the
 * backup ends no blob is deleted, so every blob that the copy names can be copied after it. Whoever backs up extends the
 * lease while it works: a backup that was killed holds nothing for longer. One at a time; safe for use by many threads.
 */
public final class Backups implements AutoCloseable {
    /** How long a copy is held after it was last asked for. */
    static final Duration LEASE = Duration.ofMinutes(10);

    private static final String PREFIX = "backup-";

    private final Ground ground;
    private final DroppedBlobs dropped;
    private final Path data;
    private final Duration lease;
    private @Nullable Held held;

    /**
     * A copy of the map.
     *
     * @param id names it in later calls
     * @param map its folder, below the data folder
     * @param lease how long it stays unless it is extended
     */
    public record Copy(String id, Path map, Duration lease) {}

    private static final class Held {
        final Copy copy;
        long until;

        Held(Copy copy) {
            this.copy = copy;
        }
    }

    Backups(Ground ground, DroppedBlobs dropped, Path data, Duration lease) {
        this.ground = ground;
        this.dropped = dropped;
        this.data = data;
        this.lease = lease;
    }

    /** Deletes copies that an earlier run left. */
    static void clear(Path data) throws IOException {
        try (var names = Files.list(data)) {
            for (Path left : names.filter(path -> path.getFileName().toString().matches(PREFIX + "[0-9a-f]{16}"))
                    .toList()) {
                delete(left);
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Makes a copy of the map as it is now, and an event of the system's chain.
     *
     * @throws Problem BUSY if another backup runs
     */
    public synchronized Copy begin(Principal actor) throws IOException {
        if (held != null) {
            throw new Problem(
                    Reason.BUSY,
                    "The backup was not begun.",
                    "Another one is under way, or ended less than " + lease.toMinutes()
                            + " minutes ago without saying so.",
                    "Try again when it is done.");
        }
        byte[] random = new byte[8];
        ground.random().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path folder = data.resolve(PREFIX + id);
        dropped.hold();
        boolean made = false;
        try {
            Files.createDirectories(folder);
            Path map = folder.resolve("map");
            ground.map().checkpoint(map);
            var copy = new Copy(id, map.toAbsolutePath(), lease);
            var mine = new Held(copy);
            mine.until = System.nanoTime() + lease.toNanos();
            held = mine;
            made = true;
            Thread.ofVirtual().name("backup-lease").start(() -> watch(mine));
            record(actor);
            return copy;
        } finally {
            if (!made) {
                dropped.release();
                delete(folder);
            }
        }
    }

    private void record(Principal actor) throws IOException {
        byte[] body = EventBody.of("backup")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .outcome("ok")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, body)));
    }

    /**
     * Holds the copy for another lease.
     *
     * @throws Problem INVALID_ARGUMENT if it is not held any more
     */
    public synchronized void extend(String id) {
        named(id).orElseThrow(Backups::gone).until = System.nanoTime() + lease.toNanos();
    }

    /** Ends the backup: the copy goes, and blobs are deleted again. Ending it twice changes nothing. */
    public synchronized void end(String id) throws IOException {
        if (named(id).isPresent()) {
            release();
        }
    }

    private Optional<Held> named(String id) {
        return Optional.ofNullable(held).filter(it -> it.copy.id().equals(id));
    }

    private static Problem gone() {
        return new Problem(
                Reason.INVALID_ARGUMENT,
                "The backup cannot go on.",
                "Its copy of the map is not held any more: it was not extended in time, or the server was restarted.",
                "Begin again; what was copied is not copied twice.");
    }

    private void release() throws IOException {
        Held ended = held;
        held = null;
        dropped.release();
        if (ended != null) {
            delete(data.resolve(PREFIX + ended.copy.id()));
        }
    }

    private void watch(Held mine) {
        try {
            while (true) {
                long left;
                synchronized (this) {
                    left = mine.until - System.nanoTime();
                    if (held != mine) {
                        return;
                    }
                    if (left <= 0) {
                        release();
                        return;
                    }
                }
                Thread.sleep(Duration.ofNanos(left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            ground.log().warn("the copy of an ended backup was not deleted: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (held != null) {
            release();
        }
    }
}
