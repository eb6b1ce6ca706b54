package allod;

import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The form of a setting's value: how its text is read, and how that form is told to somebody who got it wrong. Reading is
 * strict; there is one way to write each value.
 *
 * @param expected what a value looks like, with an example, to follow "expected"
 * @param parser gives nothing where the text is not of this form
 */
record Shape<T>(String expected, Function<String, Optional<T>> parser) {
    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,18})(B|KiB|MiB|GiB|TiB)");
    private static final Map<String, Long> SIZE_UNITS =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,11})(ms|s|m|h|d)");
    private static final Map<String, Duration> DURATION_UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]{0,9}");
    private static final Pattern SERVER =
            Pattern.compile("(https?)://(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]{1,253})(?::([1-9][0-9]{0,4}))?");
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+):(0|[1-9][0-9]{0,4})");

    Optional<T> parse(String text) {
        return text.isEmpty() ? Optional.empty() : parser.apply(text);
    }

    /** Several values: a YAML list, or in one line with commas between. */
    static <T> Shape<List<T>> listOf(Shape<T> element) {
        return new Shape<>("a list of values, each " + element.expected, text -> {
            var values = new ArrayList<T>();
            for (String one : text.split(ConfigReader.BETWEEN, -1)) {
                var value = element.parse(one);
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                values.add(value.get());
            }
            return Optional.of(List.copyOf(values));
        });
    }

    /** Bytes with a binary unit. */
    static Shape<Long> size(String least, String most) {
        long min = bytes(least).orElseThrow();
        long max = bytes(most).orElseThrow();
        return new Shape<>(
                "a size from " + least + " to " + most + " with its unit: B, KiB, MiB, GiB, TiB",
                text -> bytes(text).filter(value -> value >= min && value <= max));
    }

    /** Bytes with a binary unit, as an int. */
    static Shape<Integer> smallSize(String least, String most) {
        var wide = size(least, most);
        return new Shape<>(wide.expected, text -> wide.parse(text).map(Math::toIntExact));
    }

    static Shape<Duration> duration(String least, String most) {
        Duration min = time(least).orElseThrow();
        Duration max = time(most).orElseThrow();
        return new Shape<>(
                "a time from " + least + " to " + most + " with its unit: ms, s, m, h, d",
                text -> time(text).filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0));
    }

    /** The same, or none at all. */
    static Shape<Duration> durationOrNone(String least, String most) {
        Shape<Duration> some = duration(least, most);
        return new Shape<>(
                "0s, or " + some.expected(),
                text -> time(text)
                        .filter(Duration::isZero)
                        .or(() -> some.parser().apply(text)));
    }

    /** The beginning of a day of the calendar, in UTC. */
    static Shape<Instant> day() {
        return new Shape<>("a day such as 2026-11-25", text -> {
            try {
                return Optional.of(
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    static Shape<Integer> count(int least, int most) {
        return new Shape<>(
                "a whole number from " + least + " to " + most,
                text -> Optional.of(text)
                        .filter(COUNT.asMatchPredicate())
                        .map(Long::parseLong)
                        .filter(value -> value >= least && value <= most)
                        .map(Long::intValue));
    }

    static Shape<InetSocketAddress> address() {
        return new Shape<>("HOST:PORT such as 127.0.0.1:9000 or [::1]:9000", text -> {
            var matcher = ADDRESS.matcher(text);
            if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
                return Optional.empty();
            }
            return Optional.of(new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2))))
                    .filter(address -> !address.isUnresolved());
        });
    }

    static Shape<Path> path() {
        return new Shape<>("a path such as ./allod-data", text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        });
    }

    /** A statement that holds or does not. */
    static Shape<Boolean> flag() {
        return new Shape<>("true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** A server that secrets are sent to: over TLS, or on this machine. */
    static Shape<URI> serverAddress() {
        return new Shape<>("https://HOST:PORT such as https://bao.example.org:8200", text -> {
            var matcher = SERVER.matcher(text);
            if (!matcher.matches() || (matcher.group(3) != null && Integer.parseInt(matcher.group(3)) > 65_535)) {
                return Optional.empty();
            }
            boolean here = Set.of("localhost", "127.0.0.1", "[::1]").contains(matcher.group(2));
            return here || matcher.group(1).equals("https") ? Optional.of(URI.create(text)) : Optional.empty();
        });
    }

    /** A name for people to read. */
    static Shape<String> partyName() {
        return new Shape<>(
                "a name on one line of at most " + Party.MAX_NAME + " characters",
                text -> Optional.of(text).filter(Party::isValidName));
    }

    static Shape<Jurisdiction> jurisdiction() {
        return new Shape<>(
                "a code such as DE, US-CA or EU",
                text -> Optional.of(text).filter(Jurisdiction::isValid).map(Jurisdiction::new));
    }

    /** Text of a given pattern. */
    static Shape<String> text(String expected, String pattern) {
        var compiled = Pattern.compile(pattern);
        return new Shape<>(expected, text -> Optional.of(text).filter(compiled.asMatchPredicate()));
    }

    /** One of an enum's names, in lower case with hyphens. */
    static <E extends Enum<E>> Shape<E> oneOf(Class<E> type) {
        var values = type.getEnumConstants();
        return new Shape<>(
                "one of " + Arrays.stream(values).map(Shape::spelled).collect(Collectors.joining(", ")),
                text -> Arrays.stream(values)
                        .filter(value -> spelled(value).equals(text))
                        .findFirst());
    }

    private static String spelled(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Long> bytes(String text) {
        var matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var value = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit(SIZE_UNITS, matcher.group(2))));
        return value.bitLength() < Long.SIZE ? Optional.of(value.longValue()) : Optional.empty();
    }

    private static Optional<Duration> time(String text) {
        var matcher = DURATION.matcher(text);
        return matcher.matches()
                ? Optional.of(unit(DURATION_UNITS, matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }

    private static <U> U unit(Map<String, U> units, String name) {
        return Optional.ofNullable(units.get(name)).orElseThrow();
    }
}
