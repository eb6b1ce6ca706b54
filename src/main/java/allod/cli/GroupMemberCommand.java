package allod.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code allod group add-user} and {@code allod group remove-user}, which its place among the commands names. */
@Command(description = "Puts a user into a group, or takes it out.", mixinStandardHelpOptions = true)
final class GroupMemberCommand implements Callable<Integer> {
    private final boolean member;

    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "USER", description = "The user's name.")
    private String user = "";

    GroupMemberCommand(Surroundings surroundings, boolean member) {
        data = new DataOption(surroundings);
        this.member = member;
    }

    @Override
    public Integer call() {
        data.client().identities().setMember(tenant.name(), group, user, member);
        output.print(
                JsonOption.object().put("group", group).put("user", user).put("member", member),
                "The user " + user + (member ? " is" : " is not") + " in the group " + group + ".");
        return Exit.DONE;
    }
}
