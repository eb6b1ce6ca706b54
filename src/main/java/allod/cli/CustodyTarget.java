package allod.cli;

import allod.admin.CustodyAdministration.Target;
import allod.base.Problem;
import allod.base.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --tenant} and {@code --bucket}: whose keys are meant. */
final class CustodyTarget {
    @Option(names = "--tenant", paramLabel = "T", description = "The keys of this tenant's data.")
    private @Nullable String tenant;

    @Option(names = "--bucket", paramLabel = "B", description = "Those of a bucket that has its own.")
    private @Nullable String bucket;

    Optional<String> tenant() {
        return Optional.ofNullable(tenant);
    }

    Optional<String> bucket() {
        return Optional.ofNullable(bucket);
    }

    /** The one that is named; a bucket may come with its tenant. */
    Target named() {
        if (tenant == null && bucket == null) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing was done.",
                    "It is about one tenant's keys or about one bucket's.",
                    "Give --tenant or --bucket.");
        }
        return new Target(tenant(), bucket());
    }

    /** What is typed to say that this one is meant. */
    String name() {
        Target target = named();
        return target.bucket().or(target::tenant).orElseThrow();
    }
}
