package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.ContentKey;
import allod.keys.EnvelopeBinding;
import allod.keys.Share;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The envelopes of the parties in escrow for one new version: made before its commit, placed in it. Each has a slot of its
 * own beside the version's, in the owner's domain. Closing gives up the slots of those that were not placed.
 */
final class VersionShares implements AutoCloseable {
    /** Most times that the envelopes of one version are made. */
    static final int MAX_PREPARATIONS = 64;

    private final Ground ground;
    private final AbandonedWrites abandoned;
    private final NewVersion version;
    private final String requestId;
    private final List<Made> made = new ArrayList<>(0);
    private long epoch = -1;
    private int preparations;
    private boolean current;
    private boolean placed;

    private record Made(long slot, SlotRow row) {}

    VersionShares(Ground ground, AbandonedWrites abandoned, NewVersion version, String requestId) {
        this.ground = ground;
        this.abandoned = abandoned;
        this.version = version;
        this.requestId = requestId;
    }

    /**
     * Makes what the escrows in force now ask for, unless it is made already.
     *
     * @throws Problem BUSY once it was made {@link #MAX_PREPARATIONS} times
     */
    void prepare() throws IOException {
        EscrowRules.InForce now = ground.escrow().inForce(version.bucket());
        if (now.epoch() == epoch) {
            return;
        }
        preparations++;
        if (preparations > MAX_PREPARATIONS) {
            throw new Problem(
                    Reason.BUSY,
                    "The object was not stored.",
                    "Escrow was changed again and again while it was written.",
                    "Send the request again.");
        }
        giveUp();
        for (EscrowRow escrow : now.escrows()) {
            long slot = ground.reservations()
                    .take(version.bucket().domain(), version.bucket().id());
            boolean sealed = false;
            try {
                made.add(new Made(slot, row(escrow, slot, version.contentKey())));
                sealed = true;
            } finally {
                if (!sealed) {
                    giveUp(slot);
                }
            }
        }
        epoch = now.epoch();
    }

    private SlotRow row(EscrowRow escrow, long slot, ContentKey contentKey) {
        BucketRow bucket = version.bucket();
        byte[] secret =
                ground.secrets().secret(bucket.domain(), slot).orElseThrow(() -> Refusals.noSuchBucket(version.name()));
        byte[] objectId = version.row().objectId();
        var binding = new EnvelopeBinding(ground.secrets().domainId(bucket.domain()), bucket.id(), objectId);
        Share share = Share.make(contentKey, secret, binding, escrow.recipient(), ground.random());
        return SlotRow.share(
                new SlotRow.Owner(bucket.id(), version.key().bytes(), 0),
                objectId,
                share.envelope(),
                new ShareRecord(escrow.id(), share.sealedAccessSecret()));
    }

    /** Whether what was made is what the escrows ask for, as the transaction sees them. */
    boolean current(Transaction transaction) {
        current = EscrowRules.unchanged(transaction, epoch);
        return current;
    }

    /** What {@link #current} said last. */
    boolean wereCurrent() {
        return current;
    }

    /** Stages the rows of the shares; the version's row names their slots. */
    List<Long> place(Transaction transaction, long order) {
        for (Made share : made) {
            transaction.put(
                    MapKey.slot(version.bucket().domain(), share.slot),
                    share.row.withOrder(order).encode());
        }
        return made.stream().map(Made::slot).toList();
    }

    /** The commit that placed them is durable. */
    void placed() {
        placed = true;
        made.forEach(share -> ground.reservations()
                .settled(version.bucket().domain(), version.bucket().id(), share.slot));
    }

    private void giveUp() {
        made.forEach(share -> giveUp(share.slot));
        made.clear();
    }

    private void giveUp(long slot) {
        try {
            abandoned.giveUp(version.bucket(), version.name(), version.key(), slot, requestId, List.of());
        } catch (IOException | Problem stopping) {
            // The reservation's row stays open, so the next start erases the slot.
            ground.log().debug("a share's slot waits for the next start");
        }
    }

    @Override
    public void close() {
        if (!placed) {
            giveUp();
        }
    }
}
