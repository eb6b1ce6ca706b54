package allod.pact;

import java.util.Comparator;
import java.util.Optional;

/**
 * Somebody who may hold a key: a provider, an agency, a notary, an owner. Two parties are the same if name and
 * jurisdiction are, so what one party holds twice counts once.
 *
 * @param name 1 to {@value #MAX_NAME} characters on one line
 * @param jurisdiction whose law reaches the party; empty where it was not stated
 */
public record Party(String name, Optional<Jurisdiction> jurisdiction) implements Comparable<Party> {
    /** Longest name, in UTF-16 units. */
    public static final int MAX_NAME = 128;

    private static final Comparator<Party> ORDER = Comparator.comparing(Party::name)
            .thenComparing(party -> party.jurisdiction.map(Jurisdiction::code).orElse(""));

    /** @throws IllegalArgumentException if the name is blank, too long or not of one line */
    public Party {
        if (!isValidName(name)) {
            throw new IllegalArgumentException("a party's name has 1 to " + MAX_NAME
                    + " characters on one line, without space at its ends or control characters");
        }
    }

    /** Whether a text may be a party's name. */
    public static boolean isValidName(String name) {
        return !name.isBlank()
                && name.length() <= MAX_NAME
                && name.equals(name.strip())
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || c == 0x2028
                                || c == 0x2029
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE);
    }

    /** A party whose jurisdiction is known. */
    public static Party in(String jurisdiction, String name) {
        return new Party(name, Optional.of(new Jurisdiction(jurisdiction)));
    }

    @Override
    public int compareTo(Party other) {
        return ORDER.compare(this, other);
    }

    /** The name with its jurisdiction, as a sentence shows it. */
    @Override
    public String toString() {
        return name + jurisdiction.map(it -> " (" + it + ")").orElse(" (jurisdiction not stated)");
    }
}
