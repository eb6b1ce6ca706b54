package allod.store;

import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Changes what is said of a version whose content stays: its tags and who may reach it. The description is sealed anew
 * under the version's own key, so that it goes when the version does.
 */
final class Descriptions {
    private static final int TRIES = 8;

    private final Ground ground;
    private final Buckets buckets;
    private final Versions versions;
    private final VersionIds ids;
    private final DueLooks looks;

    Descriptions(Ground ground, Buckets buckets, Versions versions, VersionIds ids, DueLooks looks) {
        this.ground = ground;
        this.buckets = buckets;
        this.versions = versions;
        this.ids = ids;
        this.looks = looks;
    }

    /**
     * Changes a version's metadata in one commit with its event.
     *
     * @param version the current one if empty
     * @param action what the event says was done
     * @throws allod.base.Problem NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_VERSION, IS_DELETE_MARKER, ACCESS_DENIED
     */
    Optional<VersionId> change(
            Caller caller,
            BucketName name,
            ObjectKey key,
            Optional<VersionId> version,
            String action,
            UnaryOperator<ObjectMetadata> change)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, action);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<KeyVersions.Placed> placed = versions.find(bucket, key, ids.which(version));
            if (placed.isEmpty() || placed.get().row().isMarker()) {
                throw buckets.refuse(
                        bucket,
                        EventBody.of(action, caller).bucket(name).key(key),
                        Refusals.nothing(placed.isPresent(), version.isPresent()));
            }
            Optional<Versions.Opened> opened =
                    versions.open(bucket, placed.get().row());
            if (opened.isPresent() && change(caller, name, bucket, key, action, opened.get(), change)) {
                return ids.shown(bucket, placed.get().row());
            }
        }
        throw Refusals.overtaken();
    }

    /** One try; false where the version changed meanwhile. Closes the ticket. */
    private boolean change(
            Caller caller,
            BucketName name,
            BucketRow bucket,
            ObjectKey key,
            String action,
            Versions.Opened opened,
            UnaryOperator<ObjectMetadata> change)
            throws IOException {
        try (var ticket = opened.ticket()) {
            Description before = opened.description();
            Description after = before.withMetadata(change.apply(before.metadata()));
            byte[] objectId = opened.row().objectId();
            byte[] sealed =
                    ticket.whileHeld(() -> opened.key().sealMetadata(objectId, after.encode(), ground.random()));
            byte[] read = opened.row().encode();
            byte[] written = opened.row().withDescription(sealed).encode();
            byte[] body = EventBody.of(action, caller)
                    .bucket(name)
                    .key(key)
                    .version(opened.name().order())
                    .outcome("ok")
                    .toBytes();
            return ground.sequencer().submit(transaction -> {
                Buckets.still(transaction, name, bucket);
                boolean named = KeyVersions.naming(
                                transaction,
                                bucket.id(),
                                key,
                                opened.name().order(),
                                opened.name().slot())
                        .isPresent();
                byte[] slotKey = MapKey.slot(bucket.domain(), opened.name().slot());
                byte[] slot = transaction.get(slotKey);
                boolean same = named && slot != null && java.util.Arrays.equals(slot, read);
                if (!same) {
                    return false;
                }
                transaction.put(slotKey, written);
                looks.changed(transaction, bucket.id(), name, key);
                transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
                return true;
            });
        } catch (ReadTickets.ErasedException overtaken) {
            return false;
        }
    }
}
