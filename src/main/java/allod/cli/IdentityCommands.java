package allod.cli;

import allod.admin.IdentityAdministration.Identity;
import allod.base.Problem;
import allod.base.Reason;
import allod.store.IdentityKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import tools.jackson.databind.node.ObjectNode;

/** The commands that users, groups and roles share, and how they show one. */
final class IdentityCommands {
    /** A file longer than this holds no policy that would be taken, bytes. */
    private static final int MAX_POLICY_FILE = 64 << 10;

    private IdentityCommands() {}

    /** Adds what each kind has: list, delete and the policies. */
    static CommandLine shared(Object parent, Surroundings surroundings, IdentityKind kind) {
        return new CommandLine(parent)
                .addSubcommand(new IdentityListCommand(surroundings, kind))
                .addSubcommand(new IdentityDeleteCommand(surroundings, kind))
                .addSubcommand(new CommandLine(new PolicyCommand())
                        .addSubcommand(new PolicyPutCommand(surroundings, kind))
                        .addSubcommand(new PolicyShowCommand(surroundings, kind))
                        .addSubcommand(new PolicyDeleteCommand(surroundings, kind)));
    }

    static ObjectNode json(IdentityKind kind, Identity identity) {
        ObjectNode node = JsonOption.object().put("name", identity.name()).put("created", identity.created());
        var policies = node.putArray("policies");
        identity.policies().forEach(policies::add);
        switch (kind) {
            case USER -> {
                var groups = node.putArray("groups");
                identity.groups().forEach(groups::add);
                var keys = node.putArray("accessKeys");
                identity.keys().forEach(key -> keys.add(key.value()));
            }
            case GROUP -> node.put("users", identity.users());
            case ROLE -> node.put("maxSessionSeconds", identity.maxSessionSeconds());
        }
        return node;
    }

    static String line(IdentityKind kind, Identity identity) {
        String rest = switch (kind) {
            case USER ->
                "groups: " + list(identity.groups()) + "  keys: "
                        + list(identity.keys().stream().map(key -> key.value()).toList());
            case GROUP -> "users: " + identity.users();
            case ROLE -> "sessions of at most " + identity.maxSessionSeconds() + " s";
        };
        return identity.name() + "  policies: " + list(identity.policies()) + "  " + rest;
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /** The word for a kind at the beginning of a sentence. */
    static String capital(IdentityKind kind) {
        return kind.word().substring(0, 1).toUpperCase(Locale.ROOT)
                + kind.word().substring(1);
    }

    /** A policy from a file. */
    static String policy(Path file) throws IOException {
        if (Files.size(file) > MAX_POLICY_FILE) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The policy was not put.",
                    file + " is longer than " + MAX_POLICY_FILE + " bytes.",
                    "Name a file that holds one policy, as JSON.");
        }
        return Files.readString(file);
    }
}
