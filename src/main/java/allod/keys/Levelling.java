package allod.keys;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be written so that all mirrors hold the same: they take the newest's state over, then each gets what others
 * knew better.
 *
 * @param newest the mirror whose state counts
 * @param entries what others knew better
 * @param last the highest sequence number found in any
 * @param logHead the log's head as it will stand; empty if there is none
 * @param marks the high-water marks as they will stand
 */
record Levelling(Mirror newest, List<byte[]> entries, long last, Optional<byte[]> logHead, Map<Integer, Long> marks) {
    void takeOver(Mirror mirror) throws IOException {
        if (mirror != newest && !mirror.journal().holdsTheSame(newest.journal())) {
            mirror.journal().copy(newest.journal());
        }
    }

    void append(Mirror mirror) throws IOException {
        if (!entries.isEmpty() || mirror.journal().sequence() < last) {
            mirror.journal().appendAbove(last, entries);
        }
    }
}
