package allod.cli;

import allod.base.Problem;
import allod.store.IdentityKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code allod} and the tree of commands below it. */
@Command(
        name = "allod",
        description = "An S3-compatible object store whose deletes can be checked by the customer.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main {
    /** Every command by its name, in the order of the help text. */
    private static final Map<String, Function<Surroundings, Object>> COMMANDS = commands();

    private Main() {}

    private static Map<String, Function<Surroundings, Object>> commands() {
        var commands = new LinkedHashMap<String, Function<Surroundings, Object>>();
        commands.put("serve", ServeCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("scrub", ScrubCommand::new);
        commands.put("demo", surroundings -> new DemoCommand());
        commands.put(
                "tenant",
                surroundings -> new CommandLine(new TenantCommand())
                        .addSubcommand(new TenantAddCommand(surroundings))
                        .addSubcommand(new TenantListCommand(surroundings)));
        commands.put(
                "key",
                surroundings -> new CommandLine(new KeyCommand())
                        .addSubcommand(new KeyAddCommand(surroundings))
                        .addSubcommand(new KeyListCommand(surroundings))
                        .addSubcommand(new KeyDisableCommand(surroundings)));
        commands.put(
                "user",
                surroundings -> IdentityCommands.shared(new UserCommand(), surroundings, IdentityKind.USER)
                        .addSubcommand(new IdentityAddCommand(surroundings, IdentityKind.USER)));
        commands.put(
                "group",
                surroundings -> IdentityCommands.shared(new GroupCommand(), surroundings, IdentityKind.GROUP)
                        .addSubcommand(new IdentityAddCommand(surroundings, IdentityKind.GROUP))
                        .addSubcommand("add-user", new GroupMemberCommand(surroundings, true))
                        .addSubcommand("remove-user", new GroupMemberCommand(surroundings, false)));
        commands.put(
                "role",
                surroundings -> IdentityCommands.shared(new RoleCommand(), surroundings, IdentityKind.ROLE)
                        .addSubcommand(new RoleAddCommand(surroundings))
                        .addSubcommand(new RoleTrustCommand(surroundings)));
        commands.put(
                "policy",
                surroundings ->
                        new CommandLine(new PolicyCommand()).addSubcommand(new PolicyCheckCommand(surroundings)));
        commands.put(
                "custody",
                surroundings -> new CommandLine(new CustodyCommand())
                        .addSubcommand(new CustodyShowCommand(surroundings))
                        .addSubcommand(new CustodyAttachCommand(surroundings))
                        .addSubcommand(new CustodyMigrateCommand(surroundings))
                        .addSubcommand(new CustodyRotateCommand(surroundings))
                        .addSubcommand(new CustodyDrillCommand(surroundings))
                        .addSubcommand(new CommandLine(new EscrowCommand())
                                .addSubcommand(new EscrowAddCommand(surroundings))
                                .addSubcommand(new EscrowListCommand(surroundings))
                                .addSubcommand(new EscrowRemoveCommand(surroundings))
                                .addSubcommand(new EscrowForbidCommand(surroundings)))
                        .addSubcommand(new CommandLine(new CustodyMirrorCommand())
                                .addSubcommand(new CustodyMirrorListCommand(surroundings))
                                .addSubcommand(new CustodyMirrorForgetCommand(surroundings))));
        commands.put("erase", EraseCommand::new);
        commands.put("receipt", ReceiptCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("who-can-read", WhoCanReadCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("trust", TrustCommand::new);
        commands.put("train", surroundings -> new TrainCommand());
        commands.put(
                "log",
                surroundings -> new CommandLine(new LogCommand())
                        .addSubcommand(new LogKeyCommand(surroundings))
                        .addSubcommand(new LogFsckCommand()));
        return commands;
    }

    public static void main(String[] args) {
        boolean known = args.length > 0 && COMMANDS.containsKey(args[0]);
        var names = known ? Set.of(args[0]) : COMMANDS.keySet();
        System.exit(commandLine(new Surroundings(System.getenv()), names).execute(args));
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return commandLine(surroundings, COMMANDS.keySet());
    }

    /** With only the command that is asked for: reading the annotations of all would double the time of a start. */
    private static CommandLine commandLine(Surroundings surroundings, Set<String> names) {
        var all = new CommandLine(new Main());
        COMMANDS.forEach((name, command) -> {
            if (names.contains(name)) {
                all.addSubcommand(command.apply(surroundings));
            }
        });
        return all.addSubcommand(new CommandLine.HelpCommand())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> told(failure, command.getErr()));
    }

    /** Tells a failure in the three sentences of a problem, and gives its exit code. */
    private static int told(Exception failure, PrintWriter err) {
        if (failure instanceof Problem problem) {
            err.println("allod: " + problem.what());
            err.println("  " + problem.why());
            err.println("  " + problem.next());
            err.flush();
            return Exit.of(problem);
        }
        if (failure instanceof IOException io) {
            err.println("allod: a file or connection could not be used: " + shown(io.getMessage(), io));
            err.flush();
            return Exit.FAILED;
        }
        LoggerFactory.getLogger(Main.class).error("the command met a fault of its own", failure);
        return Exit.FAILED;
    }

    private static String shown(@Nullable String message, IOException failure) {
        return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"allod " + (version == null ? "(built from sources)" : version)};
        }
    }
}
