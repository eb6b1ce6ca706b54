package allod.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version a condition was checked against, before the request's turn: its sealed ETag takes a decryption that has
 * no place on the sequencer's thread.
 */
record Expected(boolean checked, long order, Optional<ETag> etag) {
    static final Expected UNCHECKED = new Expected(false, 0, Optional.empty());

    boolean isOf(byte @Nullable [] currentRow) {
        if (!checked) {
            return true;
        }
        return currentRow == null ? order == 0 : NameRow.decode(currentRow).order() == order;
    }

    /** The condition that does not hold, if one does not. */
    Optional<String> failed(WriteCondition condition, byte @Nullable [] currentRow) {
        if (condition.absent() && currentRow != null) {
            return Optional.of("If-None-Match");
        }
        boolean wants = condition.matchAny() || condition.match().isPresent();
        if (wants && currentRow == null) {
            return Optional.of("If-Match");
        }
        return condition.match().isPresent() && !condition.match().equals(etag)
                ? Optional.of("If-Match")
                : Optional.empty();
    }
}
