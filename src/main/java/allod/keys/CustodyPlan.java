package allod.keys;

import java.util.HashSet;
import java.util.List;

/**
 * Who holds the key of a domain's root: one custodian the whole, or several a share each, of which some are enough.
 *
 * @param threshold how many custodians open the root, 1 to their number. An erasure is final once fewer than this many
 *     hold their part of the old root
 * @param custodians their names in this installation, 1 to {@link RootRecord#MAX_CUSTODIANS}, each once; the place in
 *     this list is the share's number
 */
public record CustodyPlan(int threshold, List<String> custodians) {
    /** @throws IllegalArgumentException if a component breaks its rule; the message shows the value */
    public CustodyPlan {
        custodians = List.copyOf(custodians);
        if (custodians.isEmpty() || custodians.size() > RootRecord.MAX_CUSTODIANS) {
            throw new IllegalArgumentException(
                    "a custody plan names 1 to " + RootRecord.MAX_CUSTODIANS + " custodians, not " + custodians.size());
        }
        if (new HashSet<>(custodians).size() != custodians.size()) {
            throw new IllegalArgumentException("a custody plan names each custodian once, not " + custodians);
        }
        if (threshold < 1 || threshold > custodians.size()) {
            throw new IllegalArgumentException(
                    "the threshold of " + custodians.size() + " custodians cannot be " + threshold);
        }
        custodians.forEach(id -> RootRecord.checkName("custodian", id));
    }

    /** One custodian holds the whole. */
    public static CustodyPlan whole(String custodian) {
        return new CustodyPlan(1, List.of(custodian));
    }

    /** Whether the root's key is wrapped undivided. */
    public boolean whole() {
        return custodians.size() == 1;
    }

    /** Such as {@code file}, or {@code 2 of file, bao, hsm}. */
    @Override
    public String toString() {
        return whole() ? custodians.getFirst() : threshold + " of " + String.join(", ", custodians);
    }
}
