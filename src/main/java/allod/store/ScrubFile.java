package allod.store;

import allod.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a scrub stands, in a file of the data folder: so it goes on after a restart, and the last one's findings are kept.
 * Lines of text: the format, phase, when it was begun, numbers, the last key, then a damage each. A file that cannot be
 * read counts as none: then a scrub begins anew.
 */
final class ScrubFile {
    private static final String FORMAT = "allod scrub 1";
    private static final int FIXED_LINES = 8;

    private final Disk disk;
    private final Path file;
    private final Path next;

    ScrubFile(Disk disk, Path data) {
        this.disk = disk;
        this.file = data.resolve("scrub");
        this.next = data.resolve("scrub.new");
    }

    ScrubState read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return ScrubState.NEVER;
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < FIXED_LINES || !lines.getFirst().equals(FORMAT)) {
            return ScrubState.NEVER;
        }
        try {
            boolean done = lines.get(1).equals(ScrubState.Phase.DONE.name());
            return new ScrubState(
                    done ? ScrubState.Phase.DONE : ScrubState.Phase.STOPPED,
                    Optional.of(Instant.parse(lines.get(2))),
                    lines.get(7),
                    Long.parseLong(lines.get(3)),
                    Long.parseLong(lines.get(4)),
                    Long.parseLong(lines.get(5)),
                    Long.parseLong(lines.get(6)),
                    lines.subList(FIXED_LINES, lines.size()));
        } catch (DateTimeParseException | NumberFormatException changed) {
            return ScrubState.NEVER;
        }
    }

    void write(ScrubState state) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                FORMAT,
                state.phase().name(),
                state.begun().orElse(Instant.EPOCH).toString(),
                Long.toString(state.rows()),
                Long.toString(state.bytes()),
                Long.toString(state.unchecked()),
                Long.toString(state.damaged()),
                state.after()));
        lines.addAll(state.damages());
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        try (Disk.OpenFile out = disk.open(next, Disk.Mode.WRITE)) {
            out.truncate(0);
            out.write(ByteBuffer.wrap(bytes), 0);
            out.force();
        }
        disk.rename(next, file);
    }
}
