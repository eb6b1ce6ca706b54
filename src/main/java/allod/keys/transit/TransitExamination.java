package allod.keys.transit;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/**
 * The whole life of a version, on a key that no domain uses, and a look at what the token may do besides. That key, named
 * {@code PREFIXexamination}, stays: keys that cannot be deleted are the point.
 */
final class TransitExamination {
    private static final byte[] AAD = "allod/v1/examination".getBytes(StandardCharsets.US_ASCII);

    private final TransitSettings settings;
    private final TransitKeys keys;
    private final RandomGenerator random;
    private final String name;

    TransitExamination(TransitSettings settings, TransitKeys keys, RandomGenerator random) {
        this.settings = settings;
        this.keys = keys;
        this.random = random;
        this.name = settings.keyPrefix() + "examination";
    }

    /**
     * @return remarks
     * @throws Problem INVALID_ARGUMENT if the mount or the token is not fit, CUSTODIAN_AWAY if something is refused
     */
    List<String> run() {
        TransitKey key = keys.read(name).orElseGet(() -> keys.create(name));
        key.unfit().ifPresent(why -> {
            throw unfit(
                    "Its key " + name + " shows that " + why + ".",
                    "See who may change this mount's keys; then set up a custodian with another key-prefix.");
        });
        requireThatATrimDestroys();
        return wideness();
    }

    private void requireThatATrimDestroys() {
        long old = keys.rotate(name).latest();
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String wrapped = keys.encrypt(name, old, secret, AAD);
        if (!(keys.decrypt(name, wrapped, AAD) instanceof TransitKeys.Decrypted.Opened(byte[] opened))
                || !Arrays.equals(opened, secret)) {
            throw unfit("It does not decrypt what it has just encrypted.", "See what answers at its address.");
        }
        long kept = keys.rotate(name).latest();
        keys.setMinimums(name, kept, kept);
        keys.trim(name, kept);
        TransitKey after = keys.existing(name);
        boolean refused = keys.decrypt(name, wrapped, AAD) instanceof TransitKeys.Decrypted.TooOld;
        if (after.available() != kept || !refused) {
            throw unfit(
                    "After a trim to version " + kept + " its min_available_version is " + after.available()
                            + ", and version " + old + (refused ? " is refused." : " still decrypts."),
                    "Use a server whose trim destroys.");
        }
    }

    /** What the token may do that a custodian's client has no need of. */
    private List<String> wideness() {
        List<String> tooWide = new ArrayList<>();
        if (keys.maySetExportable(name)) {
            tooWide.add("set exportable");
        }
        Map<String, Set<String>> forbidden = new LinkedHashMap<>();
        forbidden.put(keys.path("keys", name), Set.of("delete"));
        forbidden.put(keys.path("export/encryption-key", name), Set.of("read"));
        forbidden.put(keys.path("backup", name), Set.of("read"));
        forbidden.put(keys.path("restore", name), Set.of("create", "update"));
        forbidden.put("sys/storage/raft/snapshot", Set.of("read", "create", "update"));
        forbidden.put("sys/storage/raft/snapshot-force", Set.of("create", "update"));
        Optional<JsonNode> capabilities = keys.capabilities(List.copyOf(forbidden.keySet()));
        List<String> remarks = new ArrayList<>();
        if (capabilities.isEmpty()) {
            remarks.add("What else the token may do could not be seen: it may not ask sys/capabilities-self.");
        }
        capabilities.ifPresent(all -> forbidden.forEach((path, bad) -> {
            for (JsonNode one : all.path(path)) {
                String capability = one.asString("");
                if (bad.contains(capability) || capability.equals("root") || capability.equals("sudo")) {
                    tooWide.add(capability + " " + path);
                }
            }
        }));
        if (!tooWide.isEmpty()) {
            throw unfit(
                    "Its token may do more than a custodian's client needs: " + String.join("; ", tooWide) + ".",
                    "Give it a token with the policy of docs/custody.md.");
        }
        return remarks;
    }

    private Problem unfit(String why, String next) {
        return new Problem(
                Reason.INVALID_ARGUMENT,
                "Custodian " + settings.id() + " must not be entrusted with anything.",
                why,
                next);
    }
}
