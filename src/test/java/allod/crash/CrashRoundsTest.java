package allod.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
final class CrashRoundsTest {
    @Test
    void twenty_killed_servers_kept_what_they_said() throws IOException, InterruptedException {
        long seed = Long.getLong("allod.crash.seed", System.nanoTime());
        new CrashRounds(Path.of("target", "crash-rounds").toAbsolutePath(), seed, List.of(Keepers.Kind.FILE)).run(20);
    }
}
