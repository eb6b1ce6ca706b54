package allod;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, on folders and ports of its own. Closing ends it. */
public final class ServerProcess implements AutoCloseable {
    /** The first key pair of every server started here. */
    public static final String ACCESS_KEY = "LOADLOADLOADLOADLOAD";

    public static final String SECRET_KEY = "a-secret-for-servers-that-live-for-one-test";

    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI s3;
    private final URI pact;
    private final Path output;

    private ServerProcess(Process process, URI s3, URI pact, Path output) {
        this.process = process;
        this.s3 = s3;
        this.pact = pact;
        this.output = output;
    }

    /** Starts the classes under test with these JVM options. */
    public static ServerProcess ofClassPath(Path folder, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "allod.cli.Main"));
        return start(command, folder);
    }

    /** Starts the product by its own script, so with the JVM options it runs with. */
    public static ServerProcess ofScript(Path script, Path folder) throws IOException {
        return start(List.of(script.toString()), folder);
    }

    private static ServerProcess start(List<String> program, Path folder) throws IOException {
        String s3 = "127.0.0.1:" + freePort();
        String pact = "127.0.0.1:" + freePort();
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("serve", "--s3", s3, "--pact", pact));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        command.addAll(List.of("--custody", folder.resolve("custody").toString()));
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("ALLOD_ACCESS_KEY", ACCESS_KEY);
        builder.environment().put("ALLOD_SECRET_KEY", SECRET_KEY);
        Process process = builder.start();
        // A run that is interrupted leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        var server = new ServerProcess(process, URI.create("http://" + s3), URI.create("http://" + pact), output);
        try {
            server.awaitReady();
        } catch (IOException notReady) {
            server.close();
            throw notReady;
        }
        return server;
    }

    /** A port that was free a moment ago. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready =
                    HttpRequest.newBuilder(pact.resolve("/health/ready")).build();
            while (process.isAlive() && System.nanoTime() < deadline) {
                try {
                    if (client.send(ready, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    pause();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        throw new IOException("the server did not start:\n" + Files.readString(output));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public URI s3() {
        return s3;
    }

    public URI pact() {
        return pact;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
