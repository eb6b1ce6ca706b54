package allod.receipt;

import allod.keys.AssuranceClass;
import java.util.List;

/** What a receipt's check came to. */
public sealed interface Outcome {
    /**
     * What a check of a readable receipt found.
     *
     * @param receipt what was checked
     * @param findings one for each {@link Statement}, in their order
     * @param trusted what the reader must take on trust even where everything holds, a sentence each
     * @param assuranceClass what the erasure is worth: the weakest class that counts
     */
    record Findings(Receipt receipt, List<Finding> findings, List<String> trusted, AssuranceClass assuranceClass) {
        public Findings {
            findings = List.copyOf(findings);
            trusted = List.copyOf(trusted);
        }

        /** The class in words, beginning with its name. */
        public String worth() {
            return assuranceClass.meaning();
        }

        /** The class's name, such as {@code E0}. */
        public String worthName() {
            return assuranceClass.name();
        }
    }

    /** Every statement holds. */
    record Holds(Findings findings) implements Outcome {}

    /** Every statement holds but the last: none of the logs that the reader trusts signed the checkpoint. */
    record SignerUnknown(Findings findings) implements Outcome {}

    /**
     * The receipt is not what it says.
     *
     * @param failed the statements that do not hold, never empty
     */
    record Failed(Findings findings, List<Statement> failed) implements Outcome {
        public Failed {
            failed = List.copyOf(failed);
        }
    }

    /** It is no receipt, or not in its one form. */
    record Unreadable(String why) implements Outcome {}
}
