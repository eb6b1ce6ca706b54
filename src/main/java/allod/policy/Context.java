package allod.policy;

import java.util.List;

/** What a request says under each condition key. Asked only for keys that a policy names, so a costly one may be found then. */
@FunctionalInterface
public interface Context {
    /**
     * The values of a key; empty if the request says nothing of it.
     *
     * @param key as {@link ConditionKey#canonical} gives it
     */
    List<String> of(String key);

    /** The same for a key in any case. */
    default List<String> values(String key) {
        return of(ConditionKey.canonical(key));
    }
}
