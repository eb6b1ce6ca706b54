package allod.store;

import allod.keys.CustodyFolder;
import allod.keys.CustodyPlan;
import allod.keys.Domain;
import allod.keys.FileCustodian;
import allod.keys.KeyRing;
import allod.keys.KeyRound;
import allod.keys.StoredPage;
import allod.store.engine.MetadataEngine;
import java.io.IOException;
import java.util.function.Consumer;

/** Makes erasure domains, one at a time. A domain exists from the commit that names it; a crash before leaves a stray. */
final class DomainMaker {
    private final MetadataEngine map;
    private final KeyRing keys;
    private final CustodyFolder custody;
    private final Sequencer sequencer;

    DomainMaker(MetadataEngine map, KeyRing keys, CustodyFolder custody, Sequencer sequencer) {
        this.map = map;
        this.keys = keys;
        this.custody = custody;
        this.sequencer = sequencer;
    }

    /** The number after the highest that map or custody ever knew; the system's, 0, is made at the first start. */
    private int nextNumber() {
        int highest = custody.domains().stream().mapToInt(Domain::number).max().orElse(-1);
        for (int number : DomainRoots.read(map).keySet()) {
            highest = Math.max(highest, number);
        }
        return highest + 1;
    }

    /** What else the commit that makes the domain writes. */
    @FunctionalInterface
    interface Alongside {
        void stage(Transaction transaction, int domain);
    }

    /**
     * Makes a domain whose root the custody folder holds.
     *
     * @param committed told the number once the domain is durable, before anybody meets it among those that are open
     */
    int make(Alongside alongside, Consumer<Integer> committed) throws IOException {
        return make(CustodyPlan.whole(FileCustodian.ID), alongside, committed);
    }

    /** The same with a root that others hold. */
    synchronized int make(CustodyPlan plan, Alongside alongside, Consumer<Integer> committed) throws IOException {
        int number = nextNumber();
        KeyRound round = keys.create(number, plan, Domains.pages(map, number));
        boolean durable = false;
        try {
            round.persist();
            KeyRound.Change change = round.changes().getFirst();
            sequencer.submit(transaction -> {
                var row = DomainRow.made(change.record());
                transaction.put(MapKey.root(number), row.encode());
                for (StoredPage page : change.changed()) {
                    transaction.put(
                            MapKey.page(number, page.name().level(), page.name().index()), page.bytes());
                }
                alongside.stage(transaction, number);
                return true;
            });
            durable = true;
        } finally {
            if (!durable) {
                round.abandon();
            }
        }
        committed.accept(number);
        round.committed();
        round.destroyOldHandles();
        return number;
    }
}
