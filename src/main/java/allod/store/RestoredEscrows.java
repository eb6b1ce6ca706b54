package allod.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Escrows that a copy has in force, where events after it are lost: among those may be the escrow's end. So it is ended
 * now, and the party gets no envelope of new versions until its owner's operator begins another. What it can read of the
 * versions of the copy stays, as those envelopes have slots of their own.
 */
final class RestoredEscrows {
    private final Ground ground;

    RestoredEscrows(Ground ground) {
        this.ground = ground;
    }

    /** @return what was ended, a sentence each */
    List<String> endAll() throws IOException {
        List<String> done = new ArrayList<>();
        for (EscrowRow row : ground.escrow().all()) {
            if (row.inForce()) {
                end(row);
                done.add("The escrow " + row.name() + " for " + row.party() + " is ended, because the copy cannot tell"
                        + " whether it was ended after it. If it was not, add it again: allod custody escrow add.");
            }
        }
        return done;
    }

    private void end(EscrowRow row) throws IOException {
        EventBody body = EventBody.of("escrow.remove")
                .text("actor", LogReopening.ACTOR)
                .text("purpose", "in force in the copy that was restored")
                .text("party", row.party().name())
                .text("escrow", row.name())
                .outcome("ok");
        if (row.ofBucket()) {
            body.bucket(new BucketName(row.bucket()));
        }
        ground.sequencer().submitPatiently(transaction -> {
            int domain = Buckets.tenant(transaction, row.tenant()).domains().getFirst();
            transaction.put(MapKey.escrow(row.id()), row.removed().encode());
            ground.escrow().changing(transaction);
            return transaction.append(new Event(row.tenant(), domain, EventClass.CHANGE, body.toBytes()));
        });
    }
}
