package allod.store;

import java.util.Optional;

/**
 * The version a condition was checked against, before the request's turn: its sealed ETag takes a decryption that has
 * no place on the sequencer's thread.
 */
record Expected(boolean checked, long order, Optional<ETag> etag) {
    static final Expected UNCHECKED = new Expected(false, 0, Optional.empty());

    /** Whether what is found now is what was looked at; a marker counts as nothing. */
    boolean isOf(Optional<NameRow> version) {
        return !checked || version.map(NameRow::order).orElse(0L) == order;
    }

    /** The condition that does not hold, if one does not. */
    Optional<String> failed(WriteCondition condition, Optional<NameRow> version) {
        if (condition.absent() && version.isPresent()) {
            return Optional.of("If-None-Match");
        }
        boolean wants = condition.matchAny() || condition.match().isPresent();
        if (wants && version.isEmpty()) {
            return Optional.of("If-Match");
        }
        return condition.match().isPresent() && !condition.match().equals(etag)
                ? Optional.of("If-Match")
                : Optional.empty();
    }
}
