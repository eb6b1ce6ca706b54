package allod.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How far a scrub has come, counted by the thread that runs it and looked at by others. */
final class ScrubProgress {
    private ScrubState.Phase phase;
    private final Optional<Instant> begun;
    private String after;
    private long rows;
    private long bytes;
    private long unchecked;
    private long damaged;
    private final List<String> damages;

    ScrubProgress(ScrubState from) {
        this.phase = from.phase();
        this.begun = from.begun();
        this.after = from.after();
        this.rows = from.rows();
        this.bytes = from.bytes();
        this.unchecked = from.unchecked();
        this.damaged = from.damaged();
        this.damages = new ArrayList<>(from.damages());
    }

    static ScrubProgress begin(Instant now) {
        var nothing = new ScrubState(ScrubState.Phase.STOPPED, Optional.of(now), "", 0, 0, 0, 0, List.of());
        return new ScrubProgress(nothing);
    }

    synchronized ScrubState state() {
        return new ScrubState(phase, begun, after, rows, bytes, unchecked, damaged, damages);
    }

    synchronized void enter(ScrubState.Phase next) {
        phase = next;
    }

    synchronized void advance(byte[] key) {
        after = HexFormat.of().formatHex(key);
        rows++;
    }

    /** @return all bytes read so far */
    synchronized long read(long more) {
        bytes += more;
        return bytes;
    }

    synchronized void unchecked() {
        unchecked++;
    }

    synchronized void damaged(String text) {
        damaged++;
        if (damages.size() < ScrubState.MAX_NAMED) {
            damages.add(text);
        }
    }
}
