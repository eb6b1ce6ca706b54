package allod.crash;

import allod.log.Checkpoint;
import allod.receipt.ReceiptId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** What all clients of a suite were told, round after round. It lives in the parent, so no crash touches it. */
final class Ledger {
    /** The place of an object. */
    record Place(String bucket, String key) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byBucket = bucket.compareTo(other.bucket);
            return byBucket != 0 ? byBucket : key.compareTo(other.key);
        }
    }

    /**
     * An upload the server named.
     *
     * @param open whether it is in progress
     * @param parts acknowledged parts by number: ETag and content
     */
    record Upload(Place place, String id, Fate<Boolean> open, Map<Integer, Part> parts) {}

    /** A part, and what its upload answered. */
    record Part(String etag, Content content) {}

    /** An erasure that was answered with the name of its receipt. */
    record Erased(Place place, ReceiptId receipt) {}

    private final Map<Place, Fate<Optional<Content>>> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Fate<Boolean>> buckets = new ConcurrentSkipListMap<>();
    private final Map<String, Fate<Boolean>> keys = new ConcurrentSkipListMap<>();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
    private final Queue<Erased> erased = new ConcurrentLinkedQueue<>();
    private final Map<Long, Checkpoint> checkpoints = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong blobsInFlight = new AtomicLong();

    /** Writes of blobs without an answer, in all rounds: as many blobs may lie about that no row ever named. */
    AtomicLong blobsInFlight() {
        return blobsInFlight;
    }

    Fate<Optional<Content>> object(Place place) {
        return objects.computeIfAbsent(place, p -> new Fate<>(p.toString(), Optional.empty()));
    }

    Map<Place, Fate<Optional<Content>>> objects() {
        return objects;
    }

    Fate<Boolean> bucket(String name) {
        return buckets.computeIfAbsent(name, n -> new Fate<>("bucket " + n, false));
    }

    Map<String, Fate<Boolean>> buckets() {
        return buckets;
    }

    Fate<Boolean> key(String id) {
        return keys.computeIfAbsent(id, n -> new Fate<>("access key " + n, false));
    }

    Map<String, Fate<Boolean>> keys() {
        return keys;
    }

    Map<String, Upload> uploads() {
        return uploads;
    }

    Queue<Erased> erased() {
        return erased;
    }

    long next() {
        return numbers.incrementAndGet();
    }

    /** A checkpoint the server showed: none may be smaller than an earlier one, nor of the same size and another root. */
    synchronized void saw(Checkpoint seen) {
        Checkpoint same = checkpoints.put(seen.size(), seen);
        if (same != null && !same.equals(seen)) {
            fault("two checkpoints of one size: " + same + " and " + seen);
        }
        if (seen.size() < largest()) {
            fault("the log shrank from " + largest() + " to " + seen.size());
        }
    }

    private long largest() {
        return checkpoints.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    synchronized List<Checkpoint> checkpoints() {
        return List.copyOf(checkpoints.values());
    }

    /** Something that must never be, seen while the server ran. */
    synchronized void fault(String what) {
        faults.add(what);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }
}
