package allod.cli;

import allod.Allod;
import allod.Config;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Starts the server; on the first start it makes a tenant and an access key and prints them.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, as docs/configuration.md lists them.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Map and blobs (default ./allod-data).")
    private @Nullable String data;

    @Option(
            names = "--custody",
            paramLabel = "DIR,...",
            description =
                    "Erasable keys, mirrored to each folder named (default ./allod-custody), never inside the data folder.")
    private @Nullable String custody;

    @Option(names = "--s3", paramLabel = "HOST:PORT", description = "The S3 address (default 127.0.0.1:9000).")
    private @Nullable String s3;

    @Option(names = "--pact", paramLabel = "HOST:PORT", description = "The pact address (default 127.0.0.1:9001).")
    private @Nullable String pact;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Config settings = settings();
        LogSetup.apply(settings.logging());
        try (Allod server = Allod.start(settings)) {
            var stop = new Thread(server::close, "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            server.welcome().warnings().forEach(warning -> System.err.println("warning: " + warning));
            server.welcome().lines().forEach(System.out::println);
            System.out.flush();
            server.awaitStop();
        }
        return Exit.DONE;
    }

    Config settings() {
        Map<String, String> flags = new HashMap<>();
        put(flags, "data", data);
        put(flags, "custody.paths", custody);
        put(flags, "s3.address", s3);
        put(flags, "pact.address", pact);
        Optional<Path> file = Optional.ofNullable(config)
                .or(() -> surroundings.variable("ALLOD_CONFIG").map(Path::of));
        return Config.load(file, surroundings.environment(), flags);
    }

    private static void put(Map<String, String> flags, String path, @Nullable String value) {
        if (value != null) {
            flags.put(path, value);
        }
    }
}
