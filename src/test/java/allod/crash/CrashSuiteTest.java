package allod.crash;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("crash")
final class CrashSuiteTest {
    @Test
    void every_killed_server_kept_what_it_said() throws IOException, InterruptedException {
        long seed = Long.getLong("allod.crash.seed", System.nanoTime());
        new CrashRounds(Path.of("target", "crash-suite").toAbsolutePath(), seed)
                .run(Integer.getInteger("allod.crash.rounds", 200));
    }
}
