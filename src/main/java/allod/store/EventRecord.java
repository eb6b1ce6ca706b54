package allod.store;

import allod.log.Frame;
import java.util.Optional;

/**
 * One event of an owner's history, with what it takes to find it in the log.
 *
 * @param index its entry in the log
 * @param opened its body and its opening; empty once the key of its period was erased
 */
public record EventRecord(Frame frame, long index, Optional<Opened> opened) {
    /**
     * What an owner sees and others do not.
     *
     * @param body UTF-8 JSON, the bytes that the log commits to
     * @param opening 32 bytes
     */
    public record Opened(byte[] body, byte[] opening) {}
}
