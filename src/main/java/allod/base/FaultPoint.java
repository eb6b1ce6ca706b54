package allod.base;

/**
 * The named moments of a commit, an erasure and a restore at which a crash is tested. Each stands just after the step it names.
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
    ERASE_BLOB_DROPPED,
    RESTORE_BEGUN,
    RESTORE_KEYS_TAKEN_OVER,
    RESTORE_LOG_REOPENED,
    RESTORE_ROWS_CLOSED,
    RESTORE_HEAD_SIGNED,
    RESTORE_FINISHED
}
