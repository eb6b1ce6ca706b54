package allod.keys;

import java.util.List;

/**
 * What the destruction of a domain's old roots came to. It is given only when too few custodians are left that could
 * still open one.
 *
 * @param evidence of each custodian of the old root that was reached; empty for a domain that was just made
 * @param outstanding what those that were not reached may still hold, of this erasure and of earlier ones
 */
public record Destroyed(List<Evidence> evidence, List<OutstandingShare> outstanding) {
    public Destroyed {
        evidence = List.copyOf(evidence);
        outstanding = List.copyOf(outstanding);
    }
}
