package allod.store;

import allod.base.TenantId;

/**
 * One event before it has a place: whose chain it belongs to, under which keys its record will stand, and its bytes.
 *
 * @param tenant the chain: the bucket's owner, or the system's
 * @param domain the domain whose period key opens it
 * @param body UTF-8 JSON, committed to as these bytes and never serialised again
 */
record Event(TenantId tenant, int domain, EventClass kind, byte[] body) {
    /** The longest body; names, addresses and ids all have their own limits below it. */
    static final int MAX_BODY = 64 * 1024;

    Event {
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException("an event's body has at most " + MAX_BODY + " bytes");
        }
    }

    /**
     * Where an event stands.
     *
     * @param index its entry in the log
     * @param seq its number in the tenant's chain, from 1
     * @param time microseconds since 1970
     */
    record Position(long index, long seq, long time) {}
}
