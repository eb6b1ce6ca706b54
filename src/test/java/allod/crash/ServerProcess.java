package allod.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The killed server, seen from its parent. */
final class ServerProcess implements AutoCloseable {
    private static final long START_SECONDS = 60;

    private final Process process;
    private final Path errors;

    private ServerProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Where a server that came up listens. */
    record Addresses(URI s3, URI pact) {}

    static ServerProcess start(Path folder, Keepers keepers, Fault fault) throws IOException {
        Path errors = folder.resolve("server.err");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dallod.native=" + Path.of("target", "native").toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                CrashServer.class.getName(),
                folder.resolve("data").toString(),
                keepers.custody().stream().map(Path::toString).collect(Collectors.joining(",")),
                fault.window(),
                keepers.settings().map(Path::toString).orElse("none"),
                fault.powerCut() ? "power-cut" : "sigkill"));
        fault.point().ifPresent(point -> {
            command.add(point.name());
            command.add(Integer.toString(fault.occurrence()));
        });
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(keepers.environment());
        Process process = builder.start();
        return new ServerProcess(process, errors);
    }

    /** Waits until it serves; empty if it ended before. */
    Optional<Addresses> awaitReady() throws IOException {
        URI s3 = null;
        URI pact = null;
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            String[] words = line.split(" +", -1);
            if (words[0].equals("S3")) {
                s3 = URI.create(words[1]);
            } else if (words[0].equals("pact")) {
                pact = URI.create(words[1]);
            } else if (words[0].equals("READY") && s3 != null && pact != null) {
                return Optional.of(new Addresses(s3, pact));
            }
        }
        return Optional.empty();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end; 137 where it was killed or halted at its fault point. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the server did not end; see " + errors);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
