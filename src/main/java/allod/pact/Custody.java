package allod.pact;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which parties together command something: a key, or what a key opens. A formula without negation, so more parties never
 * command less.
 */
public sealed interface Custody {
    /** Most parts of one node. */
    int MAX_PARTS = 256;

    /** What needs nobody: whoever has the stored bytes has it. */
    Custody ANYONE = new And(List.of());

    /** What no party commands: a key that was erased. */
    Custody NOBODY = new Or(List.of());

    /** One party commands it. */
    record Held(Party party) implements Custody {
        @Override
        public String toString() {
            return party.toString();
        }
    }

    /** All parts are needed; no parts mean that nothing is. */
    record And(List<Custody> parts) implements Custody {
        /** @throws IllegalArgumentException past {@link #MAX_PARTS} parts */
        public And {
            parts = checked(parts);
        }

        @Override
        public String toString() {
            return parts.isEmpty() ? "anyone" : joined(parts, " AND ");
        }
    }

    /** Any one part is enough; no parts mean that nothing is. */
    record Or(List<Custody> parts) implements Custody {
        /** @throws IllegalArgumentException past {@link #MAX_PARTS} parts */
        public Or {
            parts = checked(parts);
        }

        @Override
        public String toString() {
            return parts.isEmpty() ? "nobody" : joined(parts, " OR ");
        }
    }

    /**
     * Any k of the parts are needed and enough.
     *
     * @param k 1 to the number of parts
     */
    record Threshold(int k, List<Custody> parts) implements Custody {
        /** @throws IllegalArgumentException if k is not 1 to the number of parts, or past {@link #MAX_PARTS} parts */
        public Threshold {
            parts = checked(parts);
            if (k < 1 || k > parts.size()) {
                throw new IllegalArgumentException(
                        "a threshold over " + parts.size() + " parts is 1 to " + parts.size() + ", not " + k);
            }
        }

        @Override
        public String toString() {
            return k + "-of-" + parts.size() + " " + joined(parts, ", ");
        }
    }

    private static List<Custody> checked(List<Custody> parts) {
        if (parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException(
                    "a custody formula has at most " + MAX_PARTS + " parts in one place, not " + parts.size());
        }
        return List.copyOf(parts);
    }

    private static String joined(List<Custody> parts, String between) {
        return parts.stream().map(Custody::toString).collect(Collectors.joining(between, "(", ")"));
    }
}
