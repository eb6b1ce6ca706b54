package allod.store;

import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** Finds a key's current version and opens its envelope. */
final class Versions {
    private static final int TRIES = 8;

    private final Ground ground;

    Versions(Ground ground) {
        this.ground = ground;
    }

    /** A current version and what is sealed of it. */
    record Found(NameRow name, Description description) {}

    /** A current version, open: its keys are under the ticket, which the taker closes. */
    record Opened(NameRow name, SlotRow row, Description description, ContentKey key, ReadTickets.Ticket ticket) {}

    /** What stands under a key now; empty if nothing does. */
    Optional<Found> describe(BucketRow bucket, ObjectKey key) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            byte[] row = ground.map().get(MapKey.current(bucket.id(), key));
            if (row == null) {
                return Optional.empty();
            }
            Optional<Opened> opened = open(bucket, NameRow.decode(row));
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
