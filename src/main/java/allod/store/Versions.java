package allod.store;

import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.store.engine.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** Finds the versions of keys and opens their envelopes. */
final class Versions {
    private static final int TRIES = 8;

    private final Ground ground;

    Versions(Ground ground) {
        this.ground = ground;
    }

    /** A version and what is sealed of it. */
    record Found(NameRow name, Description description) {}

    /** A version, open: its keys are under the ticket, which the taker closes. */
    record Opened(NameRow name, SlotRow row, Description description, ContentKey key, ReadTickets.Ticket ticket) {}

    /** Where a version stands now. Of a key with versions one moment is looked at, as they move between two rows. */
    Optional<KeyVersions.Placed> find(BucketRow bucket, ObjectKey key, Which which) {
        if (!bucket.isVersioned()) {
            return KeyVersions.find(Rows.of(ground.map()), bucket, key, which);
        }
        try (Snapshot moment = ground.map().snapshot()) {
            return KeyVersions.find(Rows.of(moment), bucket, key, which);
        }
    }

    /** What a version is now; empty if there is none, or it is a marker. */
    Optional<Found> describe(BucketRow bucket, ObjectKey key, Which which) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<KeyVersions.Placed> placed =
                    find(bucket, key, which).filter(it -> !it.row().isMarker());
            if (placed.isEmpty()) {
                return Optional.empty();
            }
            Optional<Opened> opened = open(bucket, placed.get().row());
            if (opened.isPresent()) {
                opened.get().ticket().close();
                return Optional.of(new Found(opened.get().name(), opened.get().description()));
            }
        }
        throw Refusals.overtakenRead();
    }

    /** Opens a version that a name row was read for; empty if it was erased since. The ticket comes before the slot row. */
    Optional<Opened> open(BucketRow bucket, NameRow name) {
        ReadTickets.Ticket ticket = ground.tickets().take(bucket.domain(), name.slot());
        Optional<Opened> opened = Optional.empty();
        try {
            byte[] value = ground.map().get(MapKey.slot(bucket.domain(), name.slot()));
            Optional<byte[]> secret =
                    value == null ? Optional.empty() : ground.secrets().secret(bucket.domain(), name.slot());
            if (value != null && secret.isPresent()) {
                SlotRow row = SlotRow.decode(value);
                ContentKey key = ticket.keep(contentKey(bucket, row, secret.get()));
                byte[] plain = ticket.whileHeld(() -> key.openMetadata(row.objectId(), row.sealedMetadata()));
                var description = Description.decode(plain);
                opened = Optional.of(new Opened(name, row, description, key, ticket));
            }
            return opened;
        } catch (ReadTickets.ErasedException overtaken) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (opened.isEmpty()) {
                ticket.close();
            }
        }
    }

    private ContentKey contentKey(BucketRow bucket, SlotRow row, byte[] slotSecret) {
        byte[] domain = ground.secrets().domainId(bucket.domain());
        try {
            return new Envelope(row.wrappedCek(), row.commitment())
                    .open(
                            slotSecret,
                            Envelope.NO_ACCESS_SECRET,
                            new EnvelopeBinding(domain, bucket.id(), row.objectId()));
        } finally {
            Arrays.fill(slotSecret, (byte) 0);
        }
    }
}
