package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;

/**
 * Who asks, proven by a signature or by the administrative socket, and from where: what every event says of its actor.
 *
 * @param address the peer's IP address as text, or {@code local} for the administrative socket and background work
 * @param requestId the id the answer carries, so that a client's trace and an event find each other
 */
public record Caller(TenantId tenant, Principal principal, AccessKeyId accessKey, String address, String requestId) {}
