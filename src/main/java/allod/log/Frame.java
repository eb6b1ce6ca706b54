package allod.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What surrounds an event's body in the log: where it stands in its tenant's chain, and when. Known only once the event
 * is ordered, so the body is serialised before and stays as it is.
 *
 * @param origin the log's origin, 1 to 255 bytes of UTF-8
 * @param tenant opaque bytes that name the owner of the chain, 1 to 255
 * @param seq number of the event in its tenant's chain, from 0
 * @param prev the commitment of the event before it in the chain; {@link Hash#ZERO} for the first
 * @param timeMicros microseconds since 1970-01-01T00:00:00Z, not negative
 */
@SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out, compared by content.
public record Frame(String origin, byte[] tenant, long seq, Hash prev, long timeMicros) {
    private static final int MAX_NAME_BYTES = 255;

    /** @throws IllegalArgumentException if a component breaks its rule */
    public Frame {
        if (origin.isEmpty() || origin.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("origin is not 1 to 255 bytes: " + Strict.shown(origin));
        }
        if (tenant.length == 0 || tenant.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("tenant is not 1 to 255 bytes but " + tenant.length);
        }
        if (seq < 0 || timeMicros < 0) {
            throw new IllegalArgumentException("seq " + seq + " or time " + timeMicros + " is below 0");
        }
        tenant = tenant.clone();
    }

    @Override
    public byte[] tenant() {
        return tenant.clone();
    }

    /**
     * The commitment to this frame and a body, with hashing objects of its own; where many are made, hold a
     * {@link Commitments}.
     *
     * @param opening 32 bytes
     * @throws IllegalArgumentException if the opening is of any other length
     */
    public Hash commitment(byte[] opening, byte[] body) {
        return new Commitments().commitment(opening, this, body);
    }

    byte[] originBytes() {
        return origin.getBytes(StandardCharsets.UTF_8);
    }

    byte[] rawTenant() {
        return tenant;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frame frame
                && origin.equals(frame.origin)
                && Arrays.equals(tenant, frame.tenant)
                && seq == frame.seq
                && prev.equals(frame.prev)
                && timeMicros == frame.timeMicros;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * origin.hashCode() + Arrays.hashCode(tenant)) + Long.hashCode(seq);
    }

    @Override
    public String toString() {
        return "Frame[origin=" + origin + ", tenant=" + HexFormat.of().formatHex(tenant) + ", seq=" + seq + ", prev="
                + prev + ", timeMicros=" + timeMicros + "]";
    }
}
