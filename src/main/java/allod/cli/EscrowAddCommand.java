package allod.cli;

import allod.admin.EscrowAdministration.Escrow;
import allod.admin.EscrowAdministration.Scope;
import allod.base.Problem;
import allod.base.Reason;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "add",
        description = "Gives a party an envelope of its own for each version written from now on.",
        mixinStandardHelpOptions = true)
final class EscrowAddCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--party", required = true, paramLabel = "NAME", description = "Who it is, on one line.")
    private String party = "";

    @Option(
            names = "--jurisdiction",
            required = true,
            paramLabel = "CC",
            description = "Whose law reaches the party, such as DE.")
    private String jurisdiction = "";

    @Option(
            names = "--recipient",
            required = true,
            paramLabel = "KEY",
            description = "The party's X25519 public key, base64 of 32 bytes.")
    private String recipient = "";

    @Option(names = "--bucket", paramLabel = "B", description = "For the versions of this bucket.")
    private @Nullable String bucket;

    @Option(names = "--tenant", paramLabel = "T", description = "For those of all buckets of this tenant.")
    private @Nullable String tenant;

    EscrowAddCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        if ((bucket == null) == (tenant == null)) {
            throw unusable("It is about one bucket or about one tenant.", "Give --bucket or --tenant.");
        }
        Party named = party();
        Escrow added = data.client()
                .escrow()
                .add(new Scope(Optional.ofNullable(tenant), Optional.ofNullable(bucket)), named, recipient);
        output.print(
                EscrowCommand.json(added),
                "Added escrow " + added.id() + " for " + added.party() + ", " + EscrowCommand.about(added) + ".\n"
                        + "Each version written from now on has an envelope for it. Versions that were there before"
                        + " have none: write them again to give them one.\n"
                        + "The owner sees this in the history. Next: allod who-can-read s3://BUCKET/KEY");
        return Exit.DONE;
    }

    private Party party() {
        if (!Jurisdiction.isValid(jurisdiction)) {
            throw unusable("'" + jurisdiction + "' is not a jurisdiction.", "Give a code such as DE, US-CA or EU.");
        }
        if (!Party.isValidName(party)) {
            throw unusable(
                    "The party's name is not one of 1 to " + Party.MAX_NAME + " characters on one line.",
                    "Give its name.");
        }
        return Party.in(jurisdiction, party);
    }

    private static Problem unusable(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "No escrow was added.", why, next);
    }
}
