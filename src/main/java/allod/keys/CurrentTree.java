package allod.keys;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree that readers of a domain use now, and the one that an erasure under way will put in its place. The second is
 * known before its pages are committed, so that a reader who meets a committed page before the change can go on.
 */
final class CurrentTree {
    private volatile KeyTree current;
    private volatile @Nullable KeyTree next;

    CurrentTree(KeyTree current) {
        this.current = current;
    }

    KeyTree current() {
        return current;
    }

    void announce(KeyTree tree) {
        next = tree;
    }

    void withdraw() {
        next = null;
    }

    /** Overwrites the keys of both. */
    void forget() {
        KeyTree announced = next;
        if (announced != null) {
            announced.forget();
        }
        current.forget();
    }

    /** Puts the announced tree in the place of the current one. */
    void replace(KeyTree tree) {
        current = tree;
        next = null;
    }

    /** The same trees without the pages they keep; knows nothing of what is announced later. */
    CurrentTree uncached() {
        var uncached = new CurrentTree(current.uncached());
        KeyTree announced = next;
        uncached.next = announced == null ? null : announced.uncached();
        return uncached;
    }

    /** A tree that may have overtaken those tried; the announced one is asked first, as it becomes the current one. */
    Optional<KeyTree> untried(Set<KeyTree> tried) {
        KeyTree announced = next;
        if (announced != null && !tried.contains(announced)) {
            return Optional.of(announced);
        }
        KeyTree now = current;
        return tried.contains(now) ? Optional.empty() : Optional.of(now);
    }
}
