package allod.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a version from being erased, as in S3 Object Lock.
 *
 * @param hold a legal hold, which has no end and which no permission bypasses
 */
public record ObjectLock(Optional<Retention> retention, Hold hold) {
    public static final ObjectLock NONE = new ObjectLock(Optional.empty(), Hold.UNSET);

    /** Whether a legal hold stands, each state with its stored code. */
    public enum Hold {
        /** Nobody ever said. */
        UNSET(0),
        ON(1),
        /** It was released, or said not to stand. */
        OFF(2);

        final int code;

        Hold(int code) {
            this.code = code;
        }

        static Hold of(int code) {
            for (Hold hold : values()) {
                if (hold.code == code) {
                    return hold;
                }
            }
            throw new IllegalArgumentException("no legal hold has the code " + code);
        }
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** Whether the version must stay, for who may or may not bypass governance. */
    boolean forbidsErasure(Instant now, boolean bypassGovernance) {
        boolean retained = retention
                .filter(it -> it.bindsAt(now))
                .filter(it -> it.mode() == Retention.Mode.COMPLIANCE || !bypassGovernance)
                .isPresent();
        return hold == Hold.ON || retained;
    }

    ObjectLock with(Optional<Retention> newRetention) {
        return new ObjectLock(newRetention, hold);
    }

    ObjectLock with(Hold newHold) {
        return new ObjectLock(retention, newHold);
    }

    /** Ten bytes: u8 mode or 0, u64 end in seconds since 1970 or 0, u8 legal hold. */
    void write(RowWriter row) {
        row.u8(retention.map(it -> it.mode().code).orElse(0))
                .u64(retention.map(it -> it.until().getEpochSecond()).orElse(0L))
                .u8(hold.code);
    }

    static ObjectLock read(RowReader row) {
        int mode = row.u8();
        long until = row.u64();
        Hold hold = row.code(Hold::of);
        row.require(mode != 0 || until == 0, "an end without a mode");
        return new ObjectLock(
                mode == 0
                        ? Optional.empty()
                        : Optional.of(row.checked(() -> new Retention(Retention.Mode.of(mode), end(until)))),
                hold);
    }

    private static Instant end(long seconds) {
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("no time is so far away", e);
        }
    }
}
