package allod.receipt;

import allod.keys.AssuranceClass;
import java.util.Objects;

/**
 * A copy of a key that the erasure did not reach and that is known of, such as a custody mirror that was away.
 *
 * @param what the copy and where it is, in words
 * @param assuranceClass what the erasure is worth as long as the copy is there
 */
public record SurvivingCopy(String what, AssuranceClass assuranceClass) {
    /** @throws IllegalArgumentException if the text is empty or longer than 1,024 characters */
    public SurvivingCopy {
        BatchEvidence.requireText(what);
        Objects.requireNonNull(assuranceClass);
    }

    /** The copy and, in brackets, the class that follows from it. */
    public String inWords() {
        return what + " (" + assuranceClass + ")";
    }
}
