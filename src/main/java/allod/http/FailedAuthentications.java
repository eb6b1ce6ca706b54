package allod.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Failed authentications by source address and minute, over the last hour. Addresses beyond {@link #SOURCES} in a minute
 * are counted together as {@value #OTHERS}.
 */
final class FailedAuthentications {
    static final int MINUTES = 60;
    static final int SOURCES = 256;
    static final String OTHERS = "others";

    /** How often one source failed within one minute. */
    record Count(Instant minute, String source, long failures) {}

    private record Minute(Instant start, Map<String, Long> bySource) {}

    private final ArrayDeque<Minute> minutes = new ArrayDeque<>();

    /**
     * Counts a failure.
     *
     * @return the counts of the last minute that had any, if this failure is the first of a later one
     */
    synchronized List<Count> add(Instant now, String source) {
        Instant start = now.truncatedTo(ChronoUnit.MINUTES);
        Minute last = minutes.peekLast();
        List<Count> over = List.of();
        if (last == null || start.isAfter(last.start())) {
            over = last == null ? List.of() : since(last.start());
            last = new Minute(start, new HashMap<>());
            minutes.addLast(last);
            while (minutes.size() > MINUTES) {
                minutes.removeFirst();
            }
        }
        Map<String, Long> counts = last.bySource();
        boolean room = counts.size() < SOURCES || counts.containsKey(source);
        counts.merge(room ? source : OTHERS, 1L, Long::sum);
        return over;
    }

    /** Newest minute first, within it the most failures first. */
    synchronized List<Count> since(Instant oldest) {
        var counts = new ArrayList<Count>();
        for (Minute minute : minutes) {
            if (!minute.start().isBefore(oldest)) {
                minute.bySource()
                        .forEach((source, failures) -> counts.add(new Count(minute.start(), source, failures)));
            }
        }
        counts.sort(Comparator.comparing(Count::minute)
                .thenComparingLong(Count::failures)
                .reversed()
                .thenComparing(Count::source));
        return counts;
    }
}
