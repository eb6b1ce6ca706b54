package allod.log;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a verifier trusts: the logs, the witnesses, and how many of them must have cosigned. A checkpoint counts when one
 * of the logs signed it under its own origin and the quorum is reached.
 *
 * @see <a href="https://c2sp.org/tlog-policy">C2SP tlog-policy</a>
 */
public final class WitnessPolicy {
    public static final int MAX_BYTES = 512 * 1024;
    /** At most so many logs, so many witnesses and so many groups. */
    public static final int MAX_EACH = 64;

    /** A log with the URL it stands at, where the policy names one. */
    public record TrustedLog(VerifierKey key, Optional<String> url) {}

    /** A witness, by the name it has in this policy only. */
    public record TrustedWitness(String name, VerifierKey key, Optional<String> url) {}

    /** What must have cosigned. */
    sealed interface Rule {
        boolean isMetBy(Set<VerifierKey> cosigners);

        /** {@code quorum none}. */
        record Nothing() implements Rule {
            @Override
            public boolean isMetBy(Set<VerifierKey> cosigners) {
                return true;
            }
        }

        record One(VerifierKey witness) implements Rule {
            @Override
            public boolean isMetBy(Set<VerifierKey> cosigners) {
                return cosigners.contains(witness);
            }
        }

        record AtLeast(int threshold, List<Rule> members) implements Rule {
            @Override
            public boolean isMetBy(Set<VerifierKey> cosigners) {
                return members.stream().filter(m -> m.isMetBy(cosigners)).count() >= threshold;
            }
        }
    }

    /** What the policy says of a note. */
    public sealed interface Decision {
        /**
         * One of the logs signed it and the quorum is reached.
         *
         * @param witnesses the witnesses that cosigned, by their names in the policy
         */
        record Accepted(Checkpoint checkpoint, VerifierKey log, List<String> witnesses) implements Decision {
            public Accepted {
                witnesses = List.copyOf(witnesses);
            }
        }

        /** The note is not a checkpoint in its one form. */
        record NotACheckpoint(String why) implements Decision {}

        /** No log of the policy with this origin signed it; nothing more is known of it. */
        record UnknownLog(Checkpoint checkpoint) implements Decision {}

        /** A line names a key of the policy and is not that key's signature. */
        record BadSignature(VerifierKey key) implements Decision {}

        /**
         * A log of the policy signed it, too few witnesses did.
         *
         * @param witnesses those that did, by their names in the policy
         */
        record QuorumMissed(Checkpoint checkpoint, VerifierKey log, List<String> witnesses) implements Decision {
            public QuorumMissed {
                witnesses = List.copyOf(witnesses);
            }
        }
    }

    private final List<TrustedLog> logs;
    private final List<TrustedWitness> witnesses;
    private final Rule quorum;

    WitnessPolicy(List<TrustedLog> logs, List<TrustedWitness> witnesses, Rule quorum) {
        this.logs = List.copyOf(logs);
        this.witnesses = List.copyOf(witnesses);
        this.quorum = quorum;
    }

    /** Reads a policy file; a {@link MalformedException} names the line that breaks a rule. */
    public static WitnessPolicy parse(byte[] file) {
        return new PolicyParser().parse(file);
    }

    /** The policy that trusts these logs and asks for no witness. */
    public static WitnessPolicy ofLogs(List<VerifierKey> keys) {
        return new WitnessPolicy(
                keys.stream().map(k -> new TrustedLog(k, Optional.empty())).toList(), List.of(), new Rule.Nothing());
    }

    public List<TrustedLog> logs() {
        return logs;
    }

    public List<TrustedWitness> witnesses() {
        return witnesses;
    }

    /** Whether a checkpoint is accepted without any cosignature. */
    public boolean needsNoWitness() {
        return quorum.isMetBy(Set.of());
    }

    public Decision evaluate(SignedNote note) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(note.text());
        } catch (MalformedException e) {
            return new Decision.NotACheckpoint(e.why());
        }
        return switch (note.verify(knownKeys())) {
            case SignedNote.Verdict.BadSignature(var key) -> new Decision.BadSignature(key);
            case SignedNote.Verdict.NoKnownKey() -> new Decision.UnknownLog(checkpoint);
            case SignedNote.Verdict.Verified(var by) -> decide(checkpoint, Set.copyOf(by));
        };
    }

    private Decision decide(Checkpoint checkpoint, Set<VerifierKey> by) {
        Optional<VerifierKey> log = logs.stream()
                .map(TrustedLog::key)
                .filter(key -> by.contains(key) && key.name().equals(checkpoint.origin()))
                .findFirst();
        if (log.isEmpty()) {
            return new Decision.UnknownLog(checkpoint);
        }
        Set<VerifierKey> cosigners = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (TrustedWitness witness : witnesses) {
            if (by.contains(witness.key())) {
                cosigners.add(witness.key());
                names.add(witness.name());
            }
        }
        return quorum.isMetBy(cosigners)
                ? new Decision.Accepted(checkpoint, log.get(), names)
                : new Decision.QuorumMissed(checkpoint, log.get(), names);
    }

    private List<VerifierKey> knownKeys() {
        List<VerifierKey> keys = new ArrayList<>();
        logs.forEach(log -> keys.add(log.key()));
        witnesses.forEach(witness -> keys.add(witness.key()));
        return keys;
    }
}
