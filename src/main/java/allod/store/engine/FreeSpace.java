package allod.store.engine;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Watches the space left in the folders. Below a folder's floor content is no longer written, while reads, lists and
 * deletes go on with what is left; when that too is nearly gone, the folder's reserve is given to them. Safe for use by
 * many threads: the file system is asked at most every 100 ms.
 */
public final class FreeSpace {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Disk disk;
    private final InstantSource clock;
    private final List<Place> places;
    private final ReentrantLock measuring = new ReentrantLock();
    private volatile Measured measured;

    /**
     * A folder to watch.
     *
     * @param reserve the folder's reserve
     * @param floorBytes content is refused when less is left in the folder
     * @param needed whether the store cannot go on without the folder; a custody mirror that fails is left out
     * @param written whether it is written to now: a mirror that is missing or was given up holds up nothing
     */
    public record Place(SpaceReserve reserve, long floorBytes, boolean needed, BooleanSupplier written) {
        /** A folder that is always written to. */
        public Place(SpaceReserve reserve, long floorBytes, boolean needed) {
            this(reserve, floorBytes, needed, () -> true);
        }

        public Place {
            if (floorBytes < 0) {
                throw new IllegalArgumentException("a floor is 0 bytes or more, not " + floorBytes);
            }
        }
    }

    /** The place with the least space above its floor, as it was at a moment. */
    private record Measured(Instant at, long aboveFloorBytes, Path folder, long floorBytes) {}

    /**
     * Looks at once, and gives back the reserve of a full folder, so that the engines can be opened after this.
     *
     * @param places at least one that is always written to
     */
    public FreeSpace(Disk disk, InstantSource clock, List<Place> places) {
        if (places.isEmpty()) {
            throw new IllegalArgumentException("there is no folder to watch");
        }
        this.disk = disk;
        this.clock = clock;
        this.places = List.copyOf(places);
        this.measured = measure(clock.instant());
    }

    /**
     * Passes if content of this many bytes may be written now. A long body asks again as it comes in.
     *
     * @throws Problem NO_SPACE if a folder would be left with less than its floor
     */
    public void require(long bytes) {
        Measured now = current();
        if (now.aboveFloorBytes() < bytes) {
            throw new Problem(
                    Reason.NO_SPACE,
                    "The content was not stored.",
                    "In " + now.folder() + " less than the floor of " + now.floorBytes() + " bytes would be left free.",
                    "Delete objects or give the folder more space; reading, listing and deleting go on.");
        }
    }

    /** Looks again and gives a folder that is nearly full its reserve: before writes that deletes and the log stand on. */
    public void releaseWhereFull() {
        current();
    }

    /** Bytes that content may still take before the first floor is reached; below 0 when it is passed. */
    public long aboveFloorBytes() {
        return current().aboveFloorBytes();
    }

    /**
     * Takes the reserves again where there is room for them above the floor. Writes and syncs: for a background task, soon
     * after the start and now and then.
     */
    public void refill() throws IOException {
        for (Place place : places) {
            SpaceReserve reserve = place.reserve();
            if (place.written().getAsBoolean() && usable(place) >= place.floorBytes() + reserve.sizeBytes()) {
                reserve.fill();
            }
        }
    }

    /** Whether a fault means that the disk or the owner's quota is full. */
    static boolean isOutOfSpace(IOException fault) {
        Throwable at = fault;
        for (int depth = 0; at != null && depth < 8; depth++) {
            String text = String.valueOf(at.getMessage());
            if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private Measured current() {
        Measured last = measured;
        Instant now = clock.instant();
        // A clock set back must not keep an old number alive, so distance counts either way.
        if (Duration.between(last.at(), now).abs().compareTo(INTERVAL) >= 0 && measuring.tryLock()) {
            try {
                last = measure(now);
                measured = last;
            } finally {
                measuring.unlock();
            }
        }
        return last;
    }

    private Measured measure(Instant now) {
        Measured least = null;
        for (Place place : places) {
            if (!place.written().getAsBoolean()) {
                continue;
            }
            long usable = usable(place);
            long above = usable == Long.MAX_VALUE ? usable : usable - place.floorBytes();
            if (least == null || above < least.aboveFloorBytes()) {
                least = new Measured(now, above, place.reserve().folder(), place.floorBytes());
            }
        }
        return Objects.requireNonNull(least);
    }

    /** The space in a place's folder, after giving it the reserve if less than that is left. */
    private long usable(Place place) {
        SpaceReserve reserve = place.reserve();
        try {
            long usable = disk.usableSpace(reserve.folder());
            if (usable < reserve.sizeBytes() && reserve.isHeld()) {
                reserve.release();
                usable = disk.usableSpace(reserve.folder());
            }
            return usable;
        } catch (IOException e) {
            if (!place.needed()) {
                return Long.MAX_VALUE;
            }
            throw new UncheckedIOException("the free space of " + reserve.folder() + " cannot be read", e);
        }
    }
}
