package allod.keys;

import java.util.Objects;
import java.util.Optional;

/**
 * What a custodian may still hold of an old root, or of an abandoned attempt at one, because it did not answer when the
 * others destroyed theirs. It opens nothing by itself, and is destroyed when the custodian is back.
 *
 * @param custodian the custodian's name
 * @param generation of the root it belongs to
 * @param wrap what is unwrapped afterwards, to see that it fails; empty where only an attempt may have left a handle
 * @param binding what the wrap is bound to; empty where there is none
 * @param why in words, for the receipt; 1 to {@link Evidence#MAX_TEXT} characters
 */
@SuppressWarnings("ArrayRecordComponent") // copied in, never compared
public record OutstandingShare(
        String custodian, long generation, Optional<RootRecord.Wrap> wrap, byte[] binding, String why) {
    /** @throws IllegalArgumentException if the custodian's name breaks its rule */
    public OutstandingShare {
        RootRecord.checkName("custodian", custodian);
        Objects.requireNonNull(wrap);
        binding = binding.clone();
        why = why.isEmpty() ? "it did not answer" : why.substring(0, Math.min(why.length(), Evidence.MAX_TEXT));
    }
}
