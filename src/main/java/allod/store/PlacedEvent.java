package allod.store;

import allod.base.TenantId;

/** An event with its place in the log, as the rows keep it. */
record PlacedEvent(long index, TenantId tenant, long seq, long time, byte[] body) {}
