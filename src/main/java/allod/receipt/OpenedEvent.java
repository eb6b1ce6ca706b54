package allod.receipt;

import allod.log.EventLeaf;
import allod.log.Frame;
import allod.log.Hash;
import java.util.Arrays;

/**
 * An event with all it takes to recompute its log entry.
 *
 * @param frame where it stands in its tenant's chain, and when
 * @param body the bytes the log committed to
 * @param opening r, 32 bytes, a secret of the owner's
 */
public record OpenedEvent(Frame frame, byte[] body, byte[] opening) {
    /** @throws IllegalArgumentException if the opening is not 32 bytes */
    public OpenedEvent {
        if (opening.length != Hash.LENGTH) {
            throw new IllegalArgumentException("an opening has 32 bytes, not " + opening.length);
        }
        body = body.clone();
        opening = opening.clone();
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public byte[] opening() {
        return opening.clone();
    }

    /** The 33 bytes that stand in the log. */
    public byte[] entry() {
        return EventLeaf.entry(frame.commitment(opening, body));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpenedEvent that
                && frame.equals(that.frame)
                && Arrays.equals(body, that.body)
                && Arrays.equals(opening, that.opening);
    }

    @Override
    public int hashCode() {
        return 31 * frame.hashCode() + Arrays.hashCode(body);
    }

    /** Without body and opening. */
    @Override
    public String toString() {
        return "OpenedEvent[" + frame + "]";
    }
}
