package allod.audit;

import allod.log.MalformedException;
import allod.log.WitnessPolicy;
import allod.receipt.Outcome;
import allod.receipt.ProvenEvents;
import allod.receipt.Receipt;
import allod.receipt.ReceiptCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks a receipt, or the evidence of a custody drill. The keys it is checked under never come from the file: they are those of a policy, or those
 * that the reader pinned before.
 */
public final class Verify {
    private Verify() {}

    /**
     * Checks a file of either kind under a policy file, or where none is given under the pinned keys. Whatever is wrong with either file
     * is an answer, not an exception.
     *
     * @param evidence the receipt, or the drill's events
     * @param policy a C2SP tlog-policy file
     */
    public static Report verify(Path evidence, Optional<Path> policy, PinnedKeys pinned) {
        WitnessPolicy trusted;
        try {
            trusted = policy.isPresent()
                    ? WitnessPolicy.parse(read(policy.get(), WitnessPolicy.MAX_BYTES))
                    : pinned.policy();
        } catch (MalformedException e) {
            return unreadable("the policy cannot be read: " + e.why());
        } catch (IOException e) {
            return unreadable("the policy cannot be read: " + why(e));
        }
        byte[] file;
        try {
            file = read(evidence, Receipt.MAX_BYTES);
        } catch (IOException e) {
            return unreadable("the file cannot be read: " + why(e));
        }
        return ProvenEvents.isOne(file) ? drill(file, trusted) : verify(file, trusted);
    }

    /** Checks a receipt's bytes under a policy. */
    public static Verification verify(byte[] receipt, WitnessPolicy policy) {
        return new Verification(ReceiptCheck.check(receipt, policy));
    }

    private static Report drill(byte[] file, WitnessPolicy policy) {
        try {
            return DrillReport.of(ProvenEvents.parse(file), policy);
        } catch (MalformedException e) {
            return unreadable(e.why());
        }
    }

    private static Verification unreadable(String why) {
        return new Verification(new Outcome.Unreadable(why));
    }

    /** One byte past the limit is read, so that the reader's own limit refuses the file. */
    static byte[] read(Path file, int maxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(maxBytes + 1);
        }
    }

    private static String why(IOException e) {
        return e instanceof NoSuchFileException ? "there is no file " + e.getMessage() : e.toString();
    }
}
