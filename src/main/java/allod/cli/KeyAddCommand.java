package allod.cli;

import allod.admin.Administration.KeyPair;
import allod.admin.Administration.NewAccessKey;
import allod.admin.Administration.Secret;
import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "add",
        description = "Makes an access key and shows its secret, this once.",
        mixinStandardHelpOptions = true)
final class KeyAddCommand implements Callable<Integer> {
    /** A file longer than this holds no secret key, bytes. */
    private static final int MAX_SECRET_FILE = 1024;

    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "The key's tenant.")
    private String tenant = "";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The tenant's user whose key it is (default: its root).")
    private @Nullable String user;

    @Option(names = "--access-key", paramLabel = "K", description = "An id of your own, with --secret-key-file.")
    private @Nullable String accessKey;

    @Option(names = "--secret-key-file", paramLabel = "F", description = "A file that holds the secret key alone.")
    private @Nullable Path secretKeyFile;

    KeyAddCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        NewAccessKey added = data.client().addKey(tenant, Optional.ofNullable(user), chosen());
        String id = added.key().id().value();
        String secret = added.secret().value();
        output.print(
                DataOption.json(added.key()).put("secretKey", secret),
                "AWS_ACCESS_KEY_ID=" + id + "\nAWS_SECRET_ACCESS_KEY=" + secret + "\nThe secret is not shown again.");
        return Exit.DONE;
    }

    private Optional<KeyPair> chosen() throws IOException {
        if (accessKey == null && secretKeyFile == null) {
            return Optional.empty();
        }
        if (accessKey == null || secretKeyFile == null) {
            throw unusable("Only one of --access-key and --secret-key-file is given.");
        }
        if (Files.size(secretKeyFile) > MAX_SECRET_FILE) {
            throw unusable(secretKeyFile + " is longer than " + MAX_SECRET_FILE + " bytes.");
        }
        try {
            String secret = Files.readString(secretKeyFile).stripTrailing();
            return Optional.of(new KeyPair(new AccessKeyId(accessKey), new Secret(secret)));
        } catch (IllegalArgumentException e) {
            throw unusable("It takes that " + e.getMessage() + ".");
        }
    }

    private static Problem unusable(String why) {
        return new Problem(
                Reason.INVALID_ARGUMENT, "No access key was made.", why, "Give both, or neither to have a pair drawn.");
    }
}
