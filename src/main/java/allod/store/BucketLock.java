package allod.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * A bucket's object lock; once on, it stays on.
 *
 * @param standard the retention of new versions that come without their own
 */
public record BucketLock(Optional<Standard> standard) {
    /** A retention by its length. */
    public record Standard(Retention.Mode mode, int length, Unit unit) {
        /** S3's limit, 100 years of days. */
        public static final int MAX_DAYS = 36_500;

        public static final int MAX_YEARS = 100;

        /** @throws IllegalArgumentException if it is not from 1 to 36,500 days or to 100 years */
        public Standard {
            if (length < 1 || length > (unit == Unit.DAYS ? MAX_DAYS : MAX_YEARS)) {
                throw new IllegalArgumentException("a retention has 1 to 36,500 days, or 1 to 100 years");
            }
        }

        Retention from(Instant start) {
            var at = start.atOffset(ZoneOffset.UTC);
            return new Retention(mode, (unit == Unit.DAYS ? at.plusDays(length) : at.plusYears(length)).toInstant());
        }
    }

    /** What a length counts, with its stored code. Years are those of the calendar. */
    public enum Unit {
        DAYS(0),
        YEARS(1);

        final int code;

        Unit(int code) {
            this.code = code;
        }

        static Unit of(int code) {
            return switch (code) {
                case 0 -> DAYS;
                case 1 -> YEARS;
                default -> throw new IllegalArgumentException("no unit has the code " + code);
            };
        }
    }

    /** u8: 0 no lock, 1 a lock, 2 a lock with a standard retention, which follows. */
    static void write(RowWriter row, Optional<BucketLock> lock) {
        Optional<Standard> standard = lock.flatMap(BucketLock::standard);
        row.u8(lock.isEmpty() ? 0 : standard.isEmpty() ? 1 : 2);
        standard.ifPresent(it -> row.u8(it.mode.code).u8(it.unit.code).u32(it.length));
    }

    static Optional<BucketLock> read(RowReader row) {
        return switch (row.u8()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new BucketLock(Optional.empty()));
            case 2 -> {
                Retention.Mode mode = row.code(Retention.Mode::of);
                Unit unit = row.code(Unit::of);
                int length = row.u32();
                yield Optional.of(new BucketLock(Optional.of(row.checked(() -> new Standard(mode, length, unit)))));
            }
            default -> {
                row.require(false, "a bucket's lock is of an unknown kind");
                yield Optional.empty();
            }
        };
    }
}
