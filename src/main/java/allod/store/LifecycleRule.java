package allod.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One lifecycle rule of a bucket, as its owner put it.
 *
 * @param id unique among a bucket's rules
 * @param filter which objects it is for
 * @param expiration when it ends current versions
 * @param noncurrent when it ends others
 * @param abortDays how many days after its begin it aborts an upload
 */
public record LifecycleRule(
        String id, boolean enabled, Filter filter, Expiring expiration, Noncurrent noncurrent, OptionalInt abortDays) {

    /** How a document writes the filter, so that it is given back so; each form with its stored code. */
    public enum Form {
        /** A Prefix beside the rule's other elements, as in the first version of the API. */
        PREFIX(0),
        /** A Filter with one element, or none. */
        FILTER(1),
        /** A Filter that joins several by And. */
        AND(2);

        final int code;

        Form(int code) {
            this.code = code;
        }

        static Form of(int code) {
            return switch (code) {
                case 0 -> PREFIX;
                case 1 -> FILTER;
                case 2 -> AND;
                default -> throw new IllegalArgumentException("no form of a filter has the code " + code);
            };
        }
    }

    /**
     * Which keys and versions a rule is for: all that it names must hold.
     *
     * @param sizeGreaterThan bytes, as is {@code sizeLessThan}; neither includes its bound
     */
    public record Filter(
            Form form,
            Optional<String> prefix,
            Map<String, String> tags,
            OptionalLong sizeGreaterThan,
            OptionalLong sizeLessThan) {
        public Filter {
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        }

        boolean takes(ObjectKey key) {
            byte[] start = prefix.orElse("").getBytes(StandardCharsets.UTF_8);
            byte[] bytes = key.bytes();
            return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
        }

        boolean takes(long size) {
            return (sizeGreaterThan.isEmpty() || size > sizeGreaterThan.getAsLong())
                    && (sizeLessThan.isEmpty() || size < sizeLessThan.getAsLong());
        }

        boolean takes(Map<String, String> its) {
            return tags.entrySet().stream().allMatch(tag -> tag.getValue().equals(its.get(tag.getKey())));
        }

        boolean looksAtContent() {
            return !tags.isEmpty() || sizeGreaterThan.isPresent() || sizeLessThan.isPresent();
        }
    }

    /**
     * When current versions end: at most one of the three.
     *
     * @param days after their creation
     * @param markers whether delete markers go that hide nothing any more
     */
    public record Expiring(OptionalInt days, Optional<Instant> date, Optional<Boolean> markers) {
        public static final Expiring NONE = new Expiring(OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * When versions end that are not current.
     *
     * @param days after something took their place
     * @param newer how many noncurrent versions of a key are kept whatever their age
     */
    public record Noncurrent(OptionalInt days, OptionalInt newer) {
        public static final Noncurrent NONE = new Noncurrent(OptionalInt.empty(), OptionalInt.empty());
    }

    /** The first end of a day, counted from 1970, at or after so many days from a start: midnight UTC for days of 24 hours. */
    static Instant due(Instant start, int days, Duration day) {
        long length = day.toMillis();
        Instant exact = start.plus(day.multipliedBy(days));
        long at = exact.toEpochMilli();
        at += exact.isAfter(Instant.ofEpochMilli(at)) ? 1 : 0;
        return Instant.ofEpochMilli(Math.ceilDiv(at, length) * length);
    }

    /** Whether a date is midnight in UTC, as S3 wants it. */
    public static boolean isMidnight(Instant date) {
        return date.atOffset(ZoneOffset.UTC).toLocalTime().toNanoOfDay() == 0;
    }

    void write(RowWriter row) {
        row.text(id).u8(enabled ? 1 : 0).u8(filter.form.code);
        row.u8(filter.prefix.isPresent() ? 1 : 0);
        filter.prefix.ifPresent(row::text);
        row.u16(filter.tags.size());
        filter.tags.forEach((name, value) -> row.text(name).text(value));
        number(row, filter.sizeGreaterThan);
        number(row, filter.sizeLessThan);
        number(row, wide(expiration.days));
        number(
                row,
                expiration.date.map(it -> OptionalLong.of(it.getEpochSecond())).orElse(OptionalLong.empty()));
        number(row, expiration.markers.map(it -> OptionalLong.of(it ? 1 : 0)).orElse(OptionalLong.empty()));
        number(row, wide(noncurrent.days));
        number(row, wide(noncurrent.newer));
        number(row, wide(abortDays));
    }

    private static OptionalLong wide(OptionalInt number) {
        return number.isPresent() ? OptionalLong.of(number.getAsInt()) : OptionalLong.empty();
    }

    private static void number(RowWriter row, OptionalLong number) {
        row.u8(number.isPresent() ? 1 : 0);
        number.ifPresent(row::u64);
    }

    static LifecycleRule read(RowReader row) {
        String id = row.text();
        boolean enabled = row.flag();
        Form form = row.code(Form::of);
        Optional<String> prefix = row.flag() ? Optional.of(row.text()) : Optional.empty();
        var tags = new TreeMap<String, String>();
        for (int left = row.u16(); left > 0; left--) {
            tags.put(row.text(), row.text());
        }
        var filter = new Filter(form, prefix, tags, number(row), number(row));
        OptionalInt days = narrow(row);
        OptionalLong date = number(row);
        OptionalLong markers = number(row);
        var expiring = new Expiring(
                days,
                date.isPresent() ? Optional.of(Instant.ofEpochSecond(date.getAsLong())) : Optional.empty(),
                markers.isPresent() ? Optional.of(markers.getAsLong() == 1) : Optional.empty());
        return new LifecycleRule(id, enabled, filter, expiring, new Noncurrent(narrow(row), narrow(row)), narrow(row));
    }

    private static OptionalLong number(RowReader row) {
        return row.flag() ? OptionalLong.of(row.u64()) : OptionalLong.empty();
    }

    private static OptionalInt narrow(RowReader row) {
        OptionalLong number = number(row);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }
}
