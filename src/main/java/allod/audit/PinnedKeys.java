package allod.audit;

import allod.base.Problem;
import allod.base.Reason;
import allod.log.MalformedException;
import allod.log.VerifierKey;
import allod.log.WitnessPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The keys of logs that a reader trusts, kept in a folder of the reader's own as {@code pinned.policy}: a C2SP
 * tlog-policy file, so that witnesses and a quorum can be written into it by hand.
 */
public final class PinnedKeys {
    /** Most keys that can be pinned. */
    public static final int MAX_KEYS = WitnessPolicy.MAX_EACH;

    private static final String NOTHING_PINNED = "quorum none\n";

    private final Path folder;

    /** What {@link #add} did. */
    public enum Added {
        PINNED,
        ALREADY_PINNED
    }

    /**
     * The keys in a folder, which need not be there yet.
     *
     * @param folder such as {@code $XDG_CONFIG_HOME/allod}
     */
    public PinnedKeys(Path folder) {
        this.folder = folder;
    }

    /** The file that holds them. */
    public Path file() {
        return folder.resolve("pinned.policy");
    }

    /**
     * The policy to check under; where nothing was pinned it trusts no log.
     *
     * @throws MalformedException if the file is no policy
     * @throws IOException if it cannot be read
     */
    public WitnessPolicy policy() throws IOException {
        return WitnessPolicy.parse(bytes());
    }

    /**
     * The pinned keys, in the order they were added.
     *
     * @throws MalformedException if the file is no policy
     * @throws IOException if it cannot be read
     */
    public List<VerifierKey> keys() throws IOException {
        return policy().logs().stream().map(WitnessPolicy.TrustedLog::key).toList();
    }

    /**
     * Pins a key. A second key under the same name is refused: a log that goes on with a new key has a new name.
     *
     * @throws Problem CONFLICT if another key of this name is pinned, INVALID_ARGUMENT if the key is not a log's or
     *     {@link #MAX_KEYS} are pinned
     * @throws MalformedException if the file is no policy
     * @throws IOException if it cannot be written; what was pinned before stays
     */
    public Added add(VerifierKey key) throws IOException {
        List<VerifierKey> pinned = keys();
        if (pinned.contains(key)) {
            return Added.ALREADY_PINNED;
        }
        Optional<VerifierKey> other =
                pinned.stream().filter(k -> k.name().equals(key.name())).findFirst();
        if (other.isPresent()) {
            throw new Problem(
                    Reason.CONFLICT,
                    "The key was not pinned.",
                    "Another key is pinned for " + key.name() + ": " + other.get() + ".",
                    "Ask the log's operator, by another way than this one, which of them is theirs; remove the other"
                            + " line from " + file() + ".");
        }
        if (pinned.size() == MAX_KEYS) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The key was not pinned.",
                    MAX_KEYS + " keys are pinned, which is the limit.",
                    "Remove lines from " + file() + " that are no longer needed.");
        }
        String before = new String(bytes(), StandardCharsets.UTF_8);
        replace(checked(before + "log " + key + "\n", key));
        return Added.PINNED;
    }

    /** What would be written must be readable again, or nothing pinned before could be used any more. */
    private static byte[] checked(String policy, VerifierKey key) {
        byte[] bytes = policy.getBytes(StandardCharsets.UTF_8);
        try {
            WitnessPolicy.parse(bytes);
            return bytes;
        } catch (MalformedException e) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The key was not pinned.",
                    key + " cannot be a log's key: " + e.why() + ".",
                    "Give the key that allod log key prints.",
                    e);
        }
    }

    private byte[] bytes() throws IOException {
        try {
            return Verify.read(file(), WitnessPolicy.MAX_BYTES);
        } catch (NoSuchFileException e) {
            return NOTHING_PINNED.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private void replace(byte[] policy) throws IOException {
        Files.createDirectories(folder);
        Path written = Files.createTempFile(folder, "pinned", ".new");
        try {
            Files.write(written, policy);
            Files.move(written, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
