package allod.http;

import java.time.Instant;

/** Who a request comes from, once its signature was checked. */
public sealed interface Authentication {
    /** What is known of the content; it holds only when the content was checked against it. */
    Payload payload();

    /** Nobody signed it: only what is open to all may be done. */
    record Anonymous(Payload payload) implements Authentication {}

    /**
     * Its signature is right.
     *
     * @param identity whose key signed it
     * @param region the region in the signature's scope; any is taken
     * @param signedAt the time the signature bears
     * @param presigned whether the signature stood in the query
     */
    record Signed(Identity identity, String region, Instant signedAt, boolean presigned, Payload payload)
            implements Authentication {}
}
