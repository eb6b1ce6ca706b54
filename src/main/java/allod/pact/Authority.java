package allod.pact;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The law of one jurisdiction as far as it bears on who can read: powers to make somebody decrypt, and limits on moving
 * data. Facts with their citations, not advice.
 *
 * @param members states whose parties this reaches too, beside their own law; empty for a state
 */
public record Authority(
        Jurisdiction jurisdiction,
        String name,
        List<Jurisdiction> members,
        Finding<Power> compelledDecryption,
        Reach reaches,
        Finding<Transfer> transfer) {
    public Authority {
        members = List.copyOf(members);
    }

    /**
     * What was found on one question, and how well it is known.
     *
     * @param status whether it binds at the catalogue's date
     * @param since when the named law began, where that was found
     * @param summary in one sentence or two
     * @param citation the law as its lawyers cite it
     * @param counterweight what limits the power; empty where nothing was noted
     * @param pending what would change it; empty where nothing was noted
     * @param sources addresses of what was read
     * @param unsourced what of it was not checked against a source; empty where all was
     */
    public record Finding<T>(
            T kind,
            Status status,
            Optional<LocalDate> since,
            String summary,
            String citation,
            Optional<String> counterweight,
            Optional<String> pending,
            Confidence confidence,
            List<String> sources,
            Optional<String> unsourced) {
        /** @throws IllegalArgumentException if it is held for better known than it is */
        public Finding {
            sources = List.copyOf(sources);
            if (sources.isEmpty() && unsourced.isEmpty()) {
                throw new IllegalArgumentException("it has no sources and does not say so: set unsourced");
            }
            if (sources.isEmpty() && confidence == Confidence.HIGH) {
                throw new IllegalArgumentException("without sources its confidence is at most medium");
            }
        }
    }

    /** How far a law goes that makes somebody decrypt. */
    public enum Power {
        KEY_DISCLOSURE("a named law lets an authority demand the key itself, or the plaintext instead"),
        DECRYPTION_ASSISTANCE("a named law obliges providers to decrypt, to remove their own encryption or to hand over"
                + " the means"),
        GENERAL_ASSISTANCE("only general duties to assist or to produce; no settled duty about keys"),
        CASE_BY_CASE("it depends on court orders and unsettled case law"),
        NONE_FOUND("no such power was found");

        private final String meaning;

        Power(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** Whom such a power reaches. */
    public enum Reach {
        ANYONE("any person believed to hold the key"),
        PROVIDER("operators and service providers only"),
        COURT_SPECIFIC("whoever the court's order names");

        private final String meaning;

        Reach(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** What limits moving data out. */
    public enum Transfer {
        LOCALISATION("some data must be stored in the country"),
        CONDITIONAL("data may leave only under named conditions"),
        ACCOUNTABILITY("data may leave; the exporter stays answerable"),
        NONE("no general limit was found");

        private final String meaning;

        Transfer(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** Whether the law binds at the catalogue's date. */
    public enum Status {
        IN_FORCE("in force"),
        PARTLY_IN_FORCE("in force in part"),
        NOTHING_FOUND("nothing found");

        private final String meaning;

        Status(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** How well a finding is known. */
    public enum Confidence {
        HIGH,
        MEDIUM,
        LOW
    }
}
