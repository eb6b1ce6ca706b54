package allod.cli;

import allod.admin.AdminClient;
import allod.admin.Administration.AccessKey;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code --data}: the folder of the running server whose administrative socket is used. */
final class DataOption {
    private final Surroundings surroundings;

    @Option(names = "--data", paramLabel = "DIR", description = "The server's data folder (default ./allod-data).")
    private @Nullable Path data;

    DataOption(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    AdminClient client() {
        return new AdminClient(folder());
    }

    /** The folder itself. */
    Path folder() {
        return Optional.ofNullable(data)
                .orElseGet(() -> Path.of(surroundings.variable("ALLOD_DATA").orElse("./allod-data")));
    }

    /** A key as results show it. */
    static ObjectNode json(AccessKey key) {
        return JsonOption.object()
                .put("accessKey", key.id().value())
                .put("tenant", key.tenant())
                .put("principal", key.principal().name())
                .put("state", key.state().name());
    }
}
