package allod.cli;

import picocli.CommandLine.Option;

/** {@code --tenant}: whose users, groups and roles it is about. */
final class TenantOption {
    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "The tenant it is about.")
    private String tenant = "";

    String name() {
        return tenant;
    }
}
