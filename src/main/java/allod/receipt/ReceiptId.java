package allod.receipt;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of one erased version's receipt, printed as {@code domain-generation-ordinal} in decimal.
 *
 * @param domain the local number of the erasure domain, 0 to 2<sup>31</sup> - 1
 * @param generation the generation of the domain's key tree that erased it, from 1
 * @param ordinal its place among the items of that batch, from 0
 */
public record ReceiptId(int domain, long generation, int ordinal) implements Comparable<ReceiptId> {
    private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d{0,9})-([1-9]\\d{0,18})-(0|[1-9]\\d{0,9})");

    public ReceiptId {
        if (domain < 0 || generation < 1 || ordinal < 0) {
            throw new IllegalArgumentException("no receipt is called " + domain + "-" + generation + "-" + ordinal);
        }
    }

    /** Reads the printed form; empty for anything else, such as a leading zero. */
    public static Optional<ReceiptId> parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReceiptId(
                    Integer.parseInt(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Integer.parseInt(matcher.group(3))));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(ReceiptId other) {
        int byDomain = Integer.compare(domain, other.domain);
        int byGeneration = Long.compare(generation, other.generation);
        return byDomain != 0 ? byDomain : byGeneration != 0 ? byGeneration : Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return domain + "-" + generation + "-" + ordinal;
    }
}
