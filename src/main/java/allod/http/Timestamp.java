package allod.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Times as signatures write them: {@code 20260131T235959Z}, and nothing else of ISO 8601. */
final class Timestamp {
    private static final String SHAPE = "ddddddddTddddddZ";

    private Timestamp() {}

    static Optional<Instant> parse(String text) {
        if (text.length() != SHAPE.length()) {
            return Optional.empty();
        }
        for (int i = 0; i < SHAPE.length(); i++) {
            char c = text.charAt(i);
            if (SHAPE.charAt(i) == 'd' ? c < '0' || c > '9' : c != SHAPE.charAt(i)) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 4, 6),
                            number(text, 6, 8),
                            number(text, 9, 11),
                            number(text, 11, 13),
                            number(text, 13, 15))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Reads an HTTP date, such as {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    static Optional<Instant> parseHttpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static boolean isDate(String text) {
        return text.length() == 8 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** @param instant in a year from 0 to 9999 */
    static String format(Instant instant) {
        var time = instant.atOffset(ZoneOffset.UTC);
        var out = new StringBuilder(SHAPE.length());
        append(out, time.getYear(), 4);
        append(out, time.getMonthValue(), 2);
        append(out, time.getDayOfMonth(), 2);
        out.append('T');
        append(out, time.getHour(), 2);
        append(out, time.getMinute(), 2);
        append(out, time.getSecond(), 2);
        return out.append('Z').toString();
    }

    private static void append(StringBuilder out, int value, int digits) {
        String text = Integer.toString(value);
        out.repeat('0', digits - text.length()).append(text);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
