package allod.store;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Who may change a domain's root now: one at a time. Safe for use by many threads. */
final class DomainTurns {
    private final Set<Integer> taken = new HashSet<>();
    private boolean closed;

    synchronized boolean tryTake(int domain) {
        return !closed && taken.add(domain);
    }

    synchronized boolean isFree(int domain) {
        return !taken.contains(domain);
    }

    /** Waits for a domain's turn; false if the gate closed before. */
    synchronized boolean take(int domain) throws InterruptedException {
        while (!closed && taken.contains(domain)) {
            wait();
        }
        return !closed && taken.add(domain);
    }

    synchronized void giveBack(Collection<Integer> domains) {
        taken.removeAll(domains);
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
