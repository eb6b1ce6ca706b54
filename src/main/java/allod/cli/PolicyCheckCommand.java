package allod.cli;

import allod.admin.IdentityAdministration.Explanation;
import allod.admin.IdentityAdministration.Question;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description = "Says how the running server would decide a request, and by which statement of which policy.",
        footer = "Exit code 0 if it is allowed, 1 if it is denied.",
        mixinStandardHelpOptions = true)
final class PolicyCheckCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose the principal is.")
    private @Nullable String tenant;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private @Nullable Principal principal;

    /** Who asks; the tenant's root if nothing is said. */
    static final class Principal {
        @Option(names = "--user", paramLabel = "NAME", description = "Asked by this user (default: the tenant's root).")
        private @Nullable String user;

        @Option(names = "--role", paramLabel = "NAME", description = "Asked in a session of this role.")
        private @Nullable String role;

        @Option(names = "--anonymous", description = "Asked without a signature.")
        private boolean anonymous;

        String name() {
            if (anonymous) {
                return "anonymous";
            }
            return user == null ? "role/" + role + "/session" : "user/" + user;
        }
    }

    @Option(names = "--action", required = true, paramLabel = "ACTION", description = "Such as s3:GetObject.")
    private String action = "";

    @Option(
            names = "--resource",
            required = true,
            paramLabel = "R",
            description = "An ARN, s3://BUCKET or s3://BUCKET/KEY, or * for the service itself.")
    private String resource = "";

    @Option(
            names = "--condition",
            paramLabel = "KEY=VALUE",
            description = "What the request says, such as aws:SourceIp=192.0.2.1; may be repeated.")
    private List<String> conditions = List.of();

    PolicyCheckCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        String asked = resource.startsWith("s3://") ? "arn:aws:s3:::" + resource.substring(5) : resource;
        Explanation explained = data.client()
                .identities()
                .check(new Question(
                        Optional.ofNullable(tenant),
                        principal == null ? "root" : principal.name(),
                        action,
                        asked,
                        conditions));
        var node = JsonOption.object().put("allowed", explained.allowed()).put("why", explained.why());
        var statements = node.putArray("statements");
        explained.statements().forEach(statements::add);
        output.print(node, text(explained));
        return explained.allowed() ? Exit.DONE : Exit.FAILED;
    }

    private static String text(Explanation explained) {
        var text = new StringBuilder(explained.allowed() ? "ALLOWED: " : "DENIED: ").append(explained.why());
        if (!explained.statements().isEmpty()) {
            text.append("\nStatements that speak of it:");
            explained.statements().forEach(one -> text.append("\n  ").append(one));
        }
        return text.toString();
    }
}
