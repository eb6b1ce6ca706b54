package allod.base;

/**
 * The named moments of a commit and of an erasure at which a crash is tested. Each stands just after the step it names.
 */
public enum FaultPoint {
    BLOB_SYNCED,
    COMMIT_DURABLE,
    LOG_HEAD_SYNCED,
    CHECKPOINT_PUBLISHED,
    HIGH_WATER_SYNCED,
    ERASE_BEGUN,
    ERASE_INTENT,
    ERASE_HANDLE_PREPARED,
    ERASE_PENDING_SYNCED,
    ERASE_COMMITTED,
    ERASE_CURRENT_SYNCED,
    ERASE_HANDLES_DESTROYED,
    ERASE_DONE,
    ERASE_BLOB_DROPPED
}
