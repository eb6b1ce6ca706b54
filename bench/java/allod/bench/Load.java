package allod.bench;

import allod.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/**
 * Measures an S3 server over the wire, one kind of request at a time: requests a second, latency, and the server's CPU
 * time for each. Every PUT stores a new key, every DELETE takes one that is there.
 */
public final class Load {
    /** Most content that one measurement stores. */
    private static final long MAX_STORED = 3L << 30;

    private static final int MAX_PATHS = 60_000;
    private static final int READ_OBJECTS = 1_000;
    private static final long MAX_UNDER_WAY = 256L << 20;

    private final LoadOptions options;
    private final Target target;
    private final Optional<Long> pid;
    private final Path folder;
    private int runs;

    private Load(LoadOptions options, Target target, Optional<Long> pid, Path folder) {
        this.options = options;
        this.target = target;
        this.pid = pid;
        this.folder = folder;
    }

    /** @param args as {@link LoadOptions#USAGE} lists them */
    public static void main(String[] args) throws IOException, RocksDBException {
        if (args.length > 0 && args[0].endsWith("help")) {
            System.out.print(LoadOptions.USAGE);
            return;
        }
        LoadOptions options = LoadOptions.parse(args);
        Path folder = Files.createTempDirectory("allod-load");
        try {
            if (options.endpoint().isPresent()) {
                run(options, options.endpoint().get(), options.accessKey(), options.secretKey(), options.pid(), folder);
            } else {
                runOwn(options, folder);
            }
        } finally {
            deleteAll(folder);
        }
    }

    private static void runOwn(LoadOptions options, Path folder) throws IOException, RocksDBException {
        try (var server = ServerProcess.ofScript(Path.of("allod").toAbsolutePath(), folder)) {
            run(
                    options,
                    server.s3(),
                    ServerProcess.ACCESS_KEY,
                    ServerProcess.SECRET_KEY,
                    Optional.of(server.pid()),
                    folder);
        }
        LogRows.print(folder.resolve("data"));
    }

    private static void run(
            LoadOptions options, URI endpoint, String access, String secret, Optional<Long> pid, Path folder)
            throws IOException {
        try (var target = new Target(endpoint, access, secret, options.bucket())) {
            target.createBucket();
            var load = new Load(options, target, pid, folder);
            System.out.printf("load average before: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
            load.warmUp();
            load.measureAll();
            System.out.printf("load average after: %s%n", Files.readString(Path.of("/proc/loadavg")).strip());
        }
    }

    private void warmUp() throws IOException {
        int each = options.warmUpSeconds() / 4;
        if (each == 0) {
            return;
        }
        target.fill("warm/", READ_OBJECTS, 4096);
        wrk("GET", reads("warm/", READ_OBJECTS), 0, false, 16, each);
        wrk("PUT", writes("PUT", "warm-put/", MAX_PATHS), 4096, false, 16, each);
        wrk("GET", List.of(target.presignedList("warm/")), 0, false, 16, each);
        wrk("DELETE", writes("DELETE", "warm-put/", 2_000), 0, true, 16, each);
    }

    private void measureAll() throws IOException {
        System.out.printf(
                "%-7s %9s %5s %10s %9s %9s %9s %9s %11s %7s%n",
                "", "bytes", "conns", "requests/s", "MB/s", "p50 ms", "p99 ms", "p99.9 ms", "CPU us/op", "errors");
        for (int size : options.sizes()) {
            boolean first = size == options.sizes().getFirst();
            int objects = (int) Math.min(READ_OBJECTS, Math.max(1, (1L << 30) / size));
            String prefix = "read-" + size + "/";
            if (wants(LoadOptions.Operation.GET) || (first && wants(LoadOptions.Operation.LIST))) {
                target.fill(prefix, objects, size);
            }
            for (int connections : options.connections()) {
                if ((long) size * connections <= MAX_UNDER_WAY) {
                    measure(size, connections, prefix, objects, first);
                }
            }
        }
    }

    private void measure(int size, int connections, String prefix, int objects, boolean first) throws IOException {
        int paths = (int) Math.min(MAX_PATHS, MAX_STORED / size);
        String written = "put-" + size + "-" + runs++ + "/";
        if (wants(LoadOptions.Operation.PUT) || (first && wants(LoadOptions.Operation.DELETE))) {
            long stored = report("PUT", size, connections, "PUT", writes("PUT", written, paths), size, true);
            if (first && wants(LoadOptions.Operation.DELETE)) {
                // Those still under way when the time was over may be missing.
                int there = (int) Math.max(1, stored - connections);
                report("DELETE", size, connections, "DELETE", writes("DELETE", written, there), 0, true);
            }
        }
        if (wants(LoadOptions.Operation.GET)) {
            report("GET", size, connections, "GET", reads(prefix, objects), 0, false);
        }
        if (first && wants(LoadOptions.Operation.LIST)) {
            report("LIST", size, connections, "GET", List.of(target.presignedList(prefix)), 0, false);
        }
    }

    private boolean wants(LoadOptions.Operation operation) {
        return options.operations().contains(operation);
    }

    private List<String> reads(String prefix, int count) {
        return writes("GET", prefix, count);
    }

    private List<String> writes(String method, String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> target.presigned(method, prefix + i))
                .toList();
    }

    private Wrk.Result wrk(String method, List<String> paths, int content, boolean once, int connections, int seconds)
            throws IOException {
        return Wrk.run(folder, target.endpoint(), method, paths, content, once, connections, seconds);
    }

    /** @return how many requests were answered */
    private long report(
            String label, int size, int connections, String method, List<String> paths, int content, boolean once)
            throws IOException {
        double before = cpuSeconds();
        Wrk.Result result = wrk(method, paths, content, once, connections, options.seconds());
        double cpu = (cpuSeconds() - before) * 1e6 / Math.max(1, result.requests());
        double perSecond = result.requests() * 1e6 / result.micros();
        boolean moves = label.equals("PUT") || label.equals("GET");
        System.out.printf(
                "%-7s %9d %5d %10.0f %9s %9.2f %9.2f %9.2f %11s %7d%n",
                label,
                size,
                connections,
                perSecond,
                moves ? "%.0f".formatted(perSecond * size / 1e6) : "-",
                result.p50() / 1e3,
                result.p99() / 1e3,
                result.p999() / 1e3,
                pid.isPresent() ? "%.0f".formatted(cpu) : "-",
                result.refused() + result.broken());
        return result.requests();
    }

    /** User and system time of the server so far: fields 14 and 15 of its stat, in hundredths of a second. */
    private double cpuSeconds() throws IOException {
        if (pid.isEmpty()) {
            return 0;
        }
        String stat = Files.readString(Path.of("/proc/" + pid.get() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
