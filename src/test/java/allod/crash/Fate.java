package allod.crash;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client knows of one thing that it alone changes: its last acknowledged state, and the states it asked for since
 * without an answer. After a crash the thing must be in one of them. Safe for use by many threads.
 *
 * @param <T> a state, compared by equals
 */
final class Fate<T> {
    private final String name;
    private final List<T> unanswered = new ArrayList<>();
    private T acknowledged;

    Fate(String name, T acknowledged) {
        this.name = name;
        this.acknowledged = acknowledged;
    }

    String name() {
        return name;
    }

    synchronized void asking(T wanted) {
        unanswered.add(wanted);
    }

    /** The answer says that it is so now; what was asked before without an answer was overtaken. */
    synchronized void acknowledged(T state) {
        acknowledged = state;
        unanswered.clear();
    }

    /** The answer says that the last request changed nothing. */
    synchronized void refused() {
        unanswered.removeLast();
    }

    synchronized boolean allows(T found) {
        return found.equals(acknowledged) || unanswered.contains(found);
    }

    synchronized boolean isCertain() {
        return unanswered.isEmpty();
    }

    /** The last acknowledged state; what it is where {@link #isCertain}. */
    synchronized T known() {
        return acknowledged;
    }

    /** All that it may be. */
    synchronized List<T> states() {
        List<T> all = new ArrayList<>(unanswered);
        all.add(acknowledged);
        return all;
    }

    /** Found so after a crash: from here on it is known. */
    synchronized void settle(T found) {
        acknowledged(found);
    }

    @Override
    public synchronized String toString() {
        return name + ": acknowledged " + acknowledged + ", unanswered " + unanswered;
    }
}
