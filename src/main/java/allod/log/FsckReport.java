package allod.log;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What rederiving a log found.
 *
 * @param checkpoint the log's promise, where its signature holds; else empty, and nothing else was looked at
 * @param entries how many entries were read and hashed
 * @param tiles how many tiles were compared, partial ones included
 * @param types how many of the 33-byte entries begin with each byte
 * @param otherLengths how many entries have any other length: Allod writes none, they are hashed all the same
 * @param faults empty when the log is what its checkpoint promises; at most 100
 */
public record FsckReport(
        Optional<Checkpoint> checkpoint,
        long entries,
        long tiles,
        SortedMap<Integer, Long> types,
        long otherLengths,
        List<Fault> faults) {
    static final int MAX_FAULTS = 100;

    /** One thing that is not as the checkpoint promises. */
    public sealed interface Fault {
        /** The checkpoint is not a signed checkpoint in its one form. */
        record UnreadableCheckpoint(String why) implements Fault {}

        /** Its signature under the given key is missing or bad, or its origin is not the key's name. */
        record UntrustedCheckpoint(String why) implements Fault {}

        /** The log does not serve what its size requires. */
        record Missing(LogResource resource) implements Fault {}

        /** It is served in a wrong length or form. */
        record Malformed(LogResource resource, String why) implements Fault {}

        /** The tile is not the hashes of what lies below it; the first wrong hash is at this position. */
        record WrongTile(LogResource.Tile tile, int position) implements Fault {}

        /** The entries hash to another root than the checkpoint's. */
        record WrongRoot(Hash computed) implements Fault {}
    }

    public FsckReport {
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        faults = List.copyOf(faults);
    }

    /** Whether the whole log is what its checkpoint promises. */
    public boolean isConsistent() {
        return checkpoint.isPresent() && faults.isEmpty();
    }

    /** Counts of entry types this program does not know: not a fault, a newer log has them. */
    public Map<Integer, Long> unknownTypes() {
        Map<Integer, Long> unknown = new TreeMap<>(types);
        unknown.keySet().removeIf(type -> type >= EventLeaf.EVENT && type <= EventLeaf.REOPENED);
        return unknown;
    }
}
