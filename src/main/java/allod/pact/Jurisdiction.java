package allod.pact;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a party can be made to obey.
 *
 * @param code a country or union by its two letters (ISO 3166-1, and EU), such as DE, or a part of one (ISO 3166-2),
 *     such as US-CA; or a body of rules that is no state's, such as x-pci
 */
public record Jurisdiction(String code) implements Comparable<Jurisdiction> {
    private static final Pattern FORM = Pattern.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?|x-[a-z0-9]{1,16}");

    /** @throws IllegalArgumentException if the code is of another form */
    public Jurisdiction {
        if (!isValid(code)) {
            throw new IllegalArgumentException("a jurisdiction is a code such as DE, US-CA or EU, not '" + code + "'");
        }
    }

    /** Whether a text is a code. */
    public static boolean isValid(String code) {
        return FORM.matcher(code).matches();
    }

    /** The state that this is a part of; empty for a state itself. */
    public Optional<Jurisdiction> state() {
        return code.length() > 2 && code.charAt(2) == '-' && !code.startsWith("x-")
                ? Optional.of(new Jurisdiction(code.substring(0, 2)))
                : Optional.empty();
    }

    @Override
    public int compareTo(Jurisdiction other) {
        return code.compareTo(other.code);
    }

    @Override
    public String toString() {
        return code;
    }
}
