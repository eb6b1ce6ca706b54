package allod.receipt;

import java.util.List;

/**
 * Something about the erased content that is still held.
 *
 * @param what in words
 * @param until when it ends, in words or as a date; {@link #NO_END} where nothing ends it
 * @param rule by which it is held
 */
public record Residual(String what, String until, String rule) {
    public static final String NO_END = "no end";

    /** What every erasure leaves, whatever the rules. */
    public static final List<Residual> ALWAYS = List.of(
            new Residual(
                    "the names of bucket and key, the size and the times of each version, in older copies of the data"
                            + " folder",
                    NO_END,
                    "they stand in clear in the metadata; whoever keeps an old copy of it keeps them"),
            new Residual(
                    "records of who wrote, read and deleted it, in the owner's history in the log",
                    NO_END,
                    "access records are kept until the key of their day is erased"));

    /** @throws IllegalArgumentException if a text is empty or longer than 1,024 characters */
    public Residual {
        BatchEvidence.requireText(what);
        BatchEvidence.requireText(until);
        BatchEvidence.requireText(rule);
    }
}
