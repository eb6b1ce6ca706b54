package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The custodians of this installation by their id. A custodian that a domain's root names and that is not among them is
 * away like one that does not answer. Remembers who did not answer last, so that the others are asked first. Safe for use
 * by many threads.
 */
public final class Custodians {
    private final Map<String, ErasableCustodian> byId = new LinkedHashMap<>();
    private final Map<String, String> silent = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if there is none, more than {@link RootRecord#MAX_CUSTODIANS}, or two of one id */
    public Custodians(List<ErasableCustodian> custodians) {
        for (ErasableCustodian custodian : custodians) {
            if (byId.put(custodian.id(), custodian) != null) {
                throw new IllegalArgumentException("two custodians are called " + custodian.id());
            }
        }
        if (byId.isEmpty() || byId.size() > RootRecord.MAX_CUSTODIANS) {
            throw new IllegalArgumentException(
                    byId.size() + " custodians, there are 1 to " + RootRecord.MAX_CUSTODIANS);
        }
    }

    /** The ids in the order they were given. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(byId.keySet());
    }

    public boolean has(String id) {
        return byId.containsKey(id);
    }

    /**
     * A custodian.
     *
     * @throws Problem CUSTODIAN_AWAY if none of this id is set up
     */
    public ErasableCustodian get(String id) {
        ErasableCustodian custodian = byId.get(id);
        if (custodian == null) {
            throw new Problem(
                    Reason.CUSTODIAN_AWAY,
                    "Custodian " + id + " cannot be asked.",
                    "It is not set up on this server; those that are: " + String.join(", ", byId.keySet()) + ".",
                    "Set it up again as it was, and restart.");
        }
        return custodian;
    }

    /** The same ids, those that answered last first. */
    List<String> likelyFirst(List<String> ids) {
        List<String> order = new ArrayList<>(ids.size());
        ids.stream().filter(id -> has(id) && !silent.containsKey(id)).forEach(order::add);
        ids.stream().filter(id -> !order.contains(id)).forEach(order::add);
        return order;
    }

    /** Notes that a custodian did not answer. */
    void noteSilent(String id, Problem why) {
        silent.put(id, why.why());
    }

    void noteAnswer(String id) {
        silent.remove(id);
    }

    /** Those that did not answer when they were last asked. */
    public Set<String> silent() {
        return Set.copyOf(silent.keySet());
    }
}
