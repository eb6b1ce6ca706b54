package allod.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is reading which slot. An erasure cuts the readers of its slots, and the end of a custody lease those of its domain: their keys are wiped between two segments, so it
 * waits for one decryption at most and never for a client's network. Safe for use by many threads.
 */
final class ReadTickets {
    private record Place(int domain, long slot) {}

    private final Map<Place, Set<Ticket>> held = new HashMap<>();

    /** The object was erased, or its custody lease ended, while it was read: nothing more of it can be decrypted. */
    static final class ErasedException extends IOException {
        private static final long serialVersionUID = 1;

        ErasedException() {
            super("the object was erased, or its custodian went away, while it was read");
        }
    }

    /** What a reader does while it may. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    /** One reader's leave to use a slot's keys; taken before the slot's row is read. */
    final class Ticket implements AutoCloseable {
        private final Place place;
        private final List<AutoCloseable> keys = new ArrayList<>(2);
        private boolean cut;

        private Ticket(Place place) {
            this.place = place;
        }

        /**
         * Puts a key under the ticket: wiped when it ends, however it ends.
         *
         * @throws ErasedException if the version was erased meanwhile; the key is wiped
         */
        synchronized <K extends AutoCloseable> K keep(K key) throws ErasedException {
            keys.add(key);
            if (cut) {
                wipe();
                throw new ErasedException();
            }
            return key;
        }

        /** Wipes one key before the ticket ends. */
        synchronized void release(AutoCloseable key) {
            if (keys.remove(key)) {
                close(key);
            }
        }

        /**
         * Runs a step with the keys in place.
         *
         * @throws ErasedException if the version was erased meanwhile
         */
        synchronized <T> T whileHeld(Step<T> step) throws IOException {
            requireHeld();
            return step.run();
        }

        /** @throws ErasedException if the version was erased meanwhile */
        synchronized void requireHeld() throws ErasedException {
            if (cut) {
                throw new ErasedException();
            }
        }

        private synchronized void cut() {
            cut = true;
            wipe();
        }

        private void wipe() {
            keys.forEach(this::close);
            keys.clear();
        }

        private void close(AutoCloseable key) {
            try {
                key.close();
            } catch (Exception e) {
                throw new IllegalStateException("a key was not wiped", e);
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                wipe();
            }
            giveBack(this);
        }
    }

    Ticket take(int domain, long slot) {
        Ticket ticket = new Ticket(new Place(domain, slot));
        synchronized (held) {
            held.computeIfAbsent(ticket.place, p -> new HashSet<>(2)).add(ticket);
        }
        return ticket;
    }

    private void giveBack(Ticket ticket) {
        synchronized (held) {
            Set<Ticket> others = held.get(ticket.place);
            if (others != null && others.remove(ticket) && others.isEmpty()) {
                held.remove(ticket.place);
            }
        }
    }

    /** Ends all reading in a domain; when it returns no reader holds its keys. */
    void cutDomain(int domain) {
        List<Ticket> running = new ArrayList<>();
        synchronized (held) {
            held.forEach((place, tickets) -> {
                if (place.domain == domain) {
                    running.addAll(tickets);
                }
            });
        }
        running.forEach(Ticket::cut);
    }

    /** Ends all reading of these slots; when it returns no reader holds their keys. */
    void cut(int domain, Collection<Long> slots) {
        List<Ticket> running = new ArrayList<>();
        synchronized (held) {
            for (long slot : slots) {
                running.addAll(held.getOrDefault(new Place(domain, slot), Set.of()));
            }
        }
        running.forEach(Ticket::cut);
    }
}
