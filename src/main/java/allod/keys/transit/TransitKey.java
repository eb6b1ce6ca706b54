package allod.keys.transit;

import allod.keys.CustodianMemory;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A transit key as the server shows it, with what must hold each time it is read. The word {@code version} is the
 * engine's: each rotation makes one. Only {@link #available} shows that versions are destroyed: a raised
 * {@code min_decryption_version} hides them in the same words and can be lowered again.
 *
 * @param latest the newest version
 * @param available {@code min_available_version}: all versions below it are destroyed; 0 before the first trim
 * @param minDecryption versions below it are not decrypted now
 * @param minEncryption versions below it are not encrypted with now; 0 where none is set
 * @param unfit why this key must not be entrusted with anything; empty where nothing speaks against it
 */
record TransitKey(long latest, long available, long minDecryption, long minEncryption, Optional<String> unfit) {
    static final String TYPE = "aes256-gcm96";

    /** Highest version believed, far beyond what rotating for a century gives. */
    private static final long MAX_VERSION = 1L << 48;

    /**
     * Reads the {@code data} of a key's answer.
     *
     * @throws IllegalArgumentException if it is not a key of this name as the engine describes one; the message says how
     */
    static TransitKey read(JsonNode data, String name) {
        String found = text(data, "name");
        if (!found.equals(name)) {
            throw new IllegalArgumentException("it calls the key '" + found + "' where " + name + " was asked for");
        }
        String type = text(data, "type");
        if (!type.equals(TYPE)) {
            throw new IllegalArgumentException("the key is of type '" + type + "', not " + TYPE);
        }
        long latest = number(data, "latest_version");
        long available = number(data, "min_available_version");
        if (latest < 1 || available > latest) {
            throw new IllegalArgumentException(
                    "latest_version " + latest + " does not go with min_available_version " + available);
        }
        return new TransitKey(
                latest,
                available,
                number(data, "min_decryption_version"),
                number(data, "min_encryption_version"),
                unfit(data));
    }

    private static Optional<String> unfit(JsonNode data) {
        if (flag(data, "exportable", true)) {
            return Optional.of("exportable is on: whoever may export can take the key away, and it cannot be set off");
        }
        if (flag(data, "allow_plaintext_backup", true)) {
            return Optional.of("allow_plaintext_backup is on: a backup brings trimmed versions back");
        }
        if (data.has("backup_info")) {
            return Optional.of("it has backup_info: a backup of the key was taken, which brings trimmed versions back");
        }
        if (data.has("restore_info")) {
            return Optional.of("it has restore_info: the key was restored from a backup");
        }
        if (flag(data, "deletion_allowed", true)) {
            return Optional.of("deletion_allowed is on: the current root key could be lost with the whole key");
        }
        // HashiCorp Vault does not have these two members on every key.
        if (flag(data, "soft_deleted", false)) {
            return Optional.of("it is soft-deleted");
        }
        if (flag(data, "imported_key", false)) {
            return Optional.of("it was imported, so it stands elsewhere too");
        }
        if (flag(data, "derived", false)) {
            return Optional.of("it is a derived key");
        }
        if (!zero(data.get("auto_rotate_period"))) {
            return Optional.of("auto_rotate_period is set: versions would be made that belong to no erasure");
        }
        return Optional.empty();
    }

    private static boolean zero(@org.jspecify.annotations.Nullable JsonNode period) {
        return period != null && period.isNumber() && period.asLong() == 0;
    }

    private static boolean flag(JsonNode data, String name, boolean required) {
        JsonNode value = data.get(name);
        if (value == null && !required) {
            return false;
        }
        if (value == null || !value.isBoolean()) {
            throw new IllegalArgumentException(name + " is missing from what it says of the key");
        }
        return value.asBoolean();
    }

    private static long number(JsonNode data, String name) {
        JsonNode value = data.get(name);
        if (value == null || !value.isIntegralNumber() || value.asLong(-1) < 0 || value.asLong(-1) > MAX_VERSION) {
            throw new IllegalArgumentException(name + " is missing from what it says of the key, or out of range");
        }
        return value.asLong();
    }

    private static String text(JsonNode data, String name) {
        JsonNode value = data.get(name);
        if (value == null || !value.isString()) {
            throw new IllegalArgumentException(name + " is missing from what it says of the key");
        }
        return value.asString().replaceAll("[^ -~]+", " ");
    }

    /** Why the server is not where it was: it shows less than it showed before. Empty where it does not. */
    Optional<String> wentBack(CustodianMemory.Seen seen) {
        if (latest < seen.latest()) {
            return Optional.of("latest_version went from " + seen.latest() + " back to " + latest);
        }
        if (available < seen.available()) {
            return Optional.of("min_available_version went from " + seen.available() + " back to " + available);
        }
        return Optional.empty();
    }
}
