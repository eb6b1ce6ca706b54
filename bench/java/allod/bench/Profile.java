package allod.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Reads a Flight Recorder file of a server under load and prints where its CPU time went: by part of the server, by
 * method of ours, and by innermost frame. A sample belongs to the innermost frame that is not the JDK's.
 */
public final class Profile {
    private static final String SAMPLE = "jdk.CPUTimeSample";

    private final Map<String, Integer> parts = new HashMap<>();
    private final Map<String, Integer> methods = new HashMap<>();
    private final Map<String, Integer> innermost = new HashMap<>();
    private int samples;

    private Profile() {}

    /** @param args the file, and how many of its last seconds to read (default all) */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Instant from = args.length > 1 ? end(file).minus(Duration.ofSeconds(Long.parseLong(args[1]))) : Instant.EPOCH;
        var profile = new Profile();
        try (var recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals(SAMPLE)
                        && event.getStartTime().isAfter(from)
                        && event.getStackTrace() != null) {
                    profile.add(event.getStackTrace().getFrames());
                }
            }
        }
        profile.print("part of the server", profile.parts, 30);
        profile.print("method, called within the part", profile.methods, 60);
        profile.print("innermost frame", profile.innermost, 50);
    }

    private static Instant end(Path file) throws IOException {
        Instant end = Instant.EPOCH;
        try (var recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals(SAMPLE)
                        && event.getStartTime().isAfter(end)) {
                    end = event.getStartTime();
                }
            }
        }
        return end;
    }

    private void add(List<RecordedFrame> frames) {
        samples++;
        innermost.merge(name(frames.getFirst()), 1, Integer::sum);
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            String part = part(type);
            if (!part.isEmpty()) {
                parts.merge(part, 1, Integer::sum);
                methods.merge(part + "  " + name(frame), 1, Integer::sum);
                return;
            }
        }
        parts.merge("JDK alone (threads, scheduling)", 1, Integer::sum);
        methods.merge("JDK  " + name(frames.getLast()), 1, Integer::sum);
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String part(String type) {
        if (type.startsWith("org.rocksdb")) {
            return "RocksDB";
        }
        if (type.startsWith("org.eclipse.jetty")) {
            return "Jetty";
        }
        if (!type.startsWith("allod.")) {
            return type.matches("(java|javax|jdk|sun|com\\.sun)\\..*") ? "" : "other libraries";
        }
        String rest = type.substring("allod.".length());
        if (rest.matches("http\\.(SigV4|Signature|Signing|Canonical|Chunk|Query|Scope|Timestamp|Verifying).*")) {
            return "SigV4";
        }
        if (rest.matches("s3\\.(Checksum|Content|Crc|Claimed).*")) {
            return "checksums";
        }
        if (rest.matches("keys\\.(KeyTree|KeyRing|Open|Page|Seed|Slot|Puncture|KeyRound).*")) {
            return "key tree";
        }
        if (rest.startsWith("keys.")) {
            return "crypto";
        }
        if (rest.startsWith("log.") || rest.matches("store\\.(Event|Batch|Sequencer|Chain|Run|Log|Checkpoints).*")) {
            return "log";
        }
        return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : "allod";
    }

    private void print(String title, Map<String, Integer> counts, int most) {
        System.out.printf("%n%s (%d samples)%n", title, samples);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(most)
                .forEach(entry -> System.out.printf("%6.1f %%  %s%n", 100.0 * entry.getValue() / samples, entry.getKey()));
    }
}
