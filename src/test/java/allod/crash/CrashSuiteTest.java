package allod.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("crash")
final class CrashSuiteTest {
    @Test
    void every_killed_server_kept_what_it_said() throws IOException, InterruptedException {
        long seed = Long.getLong("allod.crash.seed", System.nanoTime());
        String kind = System.getProperty("allod.crash.custody", "");
        List<Keepers.Kind> kinds =
                kind.isEmpty() ? List.of(Keepers.Kind.values()) : List.of(Keepers.Kind.valueOf(kind));
        new CrashRounds(Path.of("target", "crash-suite").toAbsolutePath(), seed, kinds)
                .run(Integer.getInteger("allod.crash.rounds", 200));
    }
}
