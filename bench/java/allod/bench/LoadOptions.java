package allod.bench;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What to measure, and where.
 *
 * @param endpoint the server; empty for one of our own
 * @param pid the server's process, for its CPU time; empty if it cannot be read
 * @param sizes bytes an object
 * @param seconds length of one measurement
 * @param warmUpSeconds length of the load that goes unmeasured first
 */
record LoadOptions(
        Optional<URI> endpoint,
        Optional<Long> pid,
        String accessKey,
        String secretKey,
        String bucket,
        List<Operation> operations,
        List<Integer> sizes,
        List<Integer> connections,
        int seconds,
        int warmUpSeconds) {
    static final String USAGE = """
            ./build load [OPTIONS]   load over the wire with wrk; without --endpoint on a server of its own
              --endpoint URL         any S3 server, such as http://127.0.0.1:9000
              --pid PID              its process on this machine, for CPU time per operation
              --access-key KEY, --secret-key KEY   else ALLOD_ACCESS_KEY and ALLOD_SECRET_KEY
              --bucket NAME          made if it is missing (default load)
              --operations LIST      of put,get,list,delete (default all)
              --sizes LIST           such as 4k,1m,64m (the default); list and delete use the first
              --connections LIST     default 1,16,64; no more than 256 MiB are under way at once
              --seconds N            one measurement's length (default 4)
              --warm-up N            seconds of unmeasured load before (default 10)
            """;

    /** What a client does; lower case on the command line. */
    enum Operation {
        PUT,
        GET,
        LIST,
        DELETE
    }

    /** @throws IllegalArgumentException if an option is unknown or its value is none */
    static LoadOptions parse(String[] args) {
        var parsed = new Parsed();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            parsed.set(args[i], args[i + 1]);
        }
        return parsed.build();
    }

    private static final class Parsed {
        @Nullable
        URI endpoint;

        @Nullable
        Long pid;

        String accessKey = System.getenv().getOrDefault("ALLOD_ACCESS_KEY", "");
        String secretKey = System.getenv().getOrDefault("ALLOD_SECRET_KEY", "");
        String bucket = "load";
        List<Operation> operations = List.of(Operation.values());
        List<Integer> sizes = List.of(4 << 10, 1 << 20, 64 << 20);
        List<Integer> connections = List.of(1, 16, 64);
        int seconds = 4;
        int warmUpSeconds = 10;

        void set(String name, String value) {
            switch (name) {
                case "--endpoint" -> endpoint = URI.create(value);
                case "--pid" -> pid = Long.valueOf(value);
                case "--access-key" -> accessKey = value;
                case "--secret-key" -> secretKey = value;
                case "--bucket" -> bucket = value;
                case "--operations" -> operations = list(value, word -> Operation.valueOf(word.toUpperCase(Locale.ROOT)));
                case "--sizes" -> sizes = list(value, LoadOptions::bytes);
                case "--connections" -> connections = list(value, Integer::valueOf);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--warm-up" -> warmUpSeconds = Integer.parseInt(value);
                default -> throw new IllegalArgumentException("there is no option " + name);
            }
        }

        LoadOptions build() {
            return new LoadOptions(
                    Optional.ofNullable(endpoint),
                    Optional.ofNullable(pid),
                    accessKey,
                    secretKey,
                    bucket,
                    operations,
                    sizes,
                    connections,
                    seconds,
                    warmUpSeconds);
        }
    }

    private static <T> List<T> list(String value, Function<String, T> read) {
        return Arrays.stream(value.split(",")).map(read).toList();
    }

    private static int bytes(String text) {
        String digits = text.toLowerCase(Locale.ROOT).replaceAll("[km]$", "");
        int unit = text.toLowerCase(Locale.ROOT).endsWith("m") ? 1 << 20 : text.toLowerCase(Locale.ROOT).endsWith("k") ? 1 << 10 : 1;
        return Math.multiplyExact(Integer.parseInt(digits), unit);
    }
}
