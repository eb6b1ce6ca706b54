package allod.store;

import java.util.Optional;

/**
 * What must hold of the current version for a write or a delete to happen; checked in the commit itself.
 *
 * @param absent there must be no current version ({@code If-None-Match: *})
 * @param match there must be a current version with this ETag ({@code If-Match})
 * @param matchAny there must be a current version ({@code If-Match: *})
 */
public record WriteCondition(boolean absent, Optional<ETag> match, boolean matchAny) {
    public static final WriteCondition NONE = new WriteCondition(false, Optional.empty(), false);
}
