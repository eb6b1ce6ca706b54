package allod.store;

import java.util.Optional;

/**
 * One key to delete, or one version of it.
 *
 * @param version the version to erase; without it a versioned bucket puts a marker
 * @param bypassGovernance whether the caller asks, and may, to end a governance retention with it
 */
public record DeleteTarget(
        ObjectKey key, Optional<VersionId> version, WriteCondition condition, boolean bypassGovernance) {
    public DeleteTarget(ObjectKey key, WriteCondition condition) {
        this(key, Optional.empty(), condition, false);
    }

    public DeleteTarget(ObjectKey key, VersionId version) {
        this(key, Optional.of(version), WriteCondition.NONE, false);
    }

    /** The same by a caller who asks, and may, to end a governance retention. */
    public DeleteTarget bypassingGovernance() {
        return new DeleteTarget(key, version, condition, true);
    }
}
