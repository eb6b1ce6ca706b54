package allod.store;

/** One key to delete. */
public record DeleteTarget(ObjectKey key, WriteCondition condition) {}
