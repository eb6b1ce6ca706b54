package allod.store.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that commits without end and says so after each, until it is killed or its files may grow no more;
 * then it says whether the engine refuses all that comes after.
 */
final class CommitUntilKilled {
    private CommitUntilKilled() {}

    public static void main(String[] args) throws IOException {
        try (var engine = RocksEngineTest.rocks(Path.of(args[0]))) {
            try {
                for (int i = 0; ; i++) {
                    commit(engine, i);
                    System.out.println(i);
                }
            } catch (IOException first) {
                System.out.println(refusesAll(engine) ? "refuses" : "goes on");
            }
        }
    }

    private static void commit(MetadataEngine engine, int i) throws IOException {
        String value = Integer.toString(i);
        engine.commit(
                List.of(),
                List.of(
                        MetadataEngineContract.putting("oa" + i, value),
                        new Write.Put(MetadataEngineContract.bytes("sa" + i), new byte[5_000]),
                        MetadataEngineContract.putting("ea" + i, value)));
    }

    private static boolean refusesAll(MetadataEngine engine) {
        try {
            engine.commit(List.of(), List.of(new Write.Delete(new byte[] {'o'})));
            return false;
        } catch (IOException refused) {
            try {
                engine.get(new byte[] {'o'});
                return false;
            } catch (UncheckedIOException alsoRefused) {
                return true;
            }
        }
    }

    /** Runs it with files of at most so many KiB until it fails; returns what it said last and the acknowledged count. */
    static Map.Entry<String, Integer> runWithFilesUpTo(Path folder, int kib) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kib + "; exec \"$@\"", "bash"));
        command.addAll(command(folder));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var lines = out.lines().toList();
            process.waitFor();
            return Map.entry(lines.getLast(), lines.size() - 1);
        }
    }

    private static List<String> command(Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CommitUntilKilled.class.getName(),
                folder.toString());
    }

    /** Runs it on a folder, kills it once this many commits were acknowledged, and returns how many were in the end. */
    static int run(Path folder, int commits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(folder))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int acknowledged = 0;
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                acknowledged = Integer.parseInt(line) + 1;
                if (acknowledged == commits) {
                    // Through its handle, so that what it said before can still be read.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        if (acknowledged < commits) {
            throw new IOException("the process ended by itself after " + acknowledged + " commits");
        }
        return acknowledged;
    }
}
