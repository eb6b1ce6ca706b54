package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/** What an open version has beside its rows: its blobs, and the manifest of one that was joined from parts. */
final class VersionBlobs {
    private final Ground ground;
    private final Versions.Opened opened;

    VersionBlobs(Ground ground, Versions.Opened opened) {
        this.ground = ground;
        this.opened = opened;
    }

    /** Whether the version was joined from parts. */
    boolean hasManifest() {
        return opened.row().sealedManifest().length > 0 || opened.row().manifestInBlob();
    }

    /** The parts in order; none of a version that was written at once. */
    List<ObjectPart> parts() throws IOException {
        if (!hasManifest()) {
            return List.of();
        }
        Manifest manifest = manifest();
        opened.ticket().release(manifest);
        return manifest.parts().stream()
                .map(part -> new ObjectPart(part.number(), part.size(), part.checksum()))
                .toList();
    }

    /** The manifest, with keys that are under the ticket until they are released. Only where there is one. */
    Manifest manifest() throws IOException {
        SlotRow row = opened.row();
        byte[] sealed = row.manifestInBlob() ? readAll(row.blobs().getLast()) : row.sealedManifest();
        ReadTickets.Ticket ticket = opened.ticket();
        return ticket.whileHeld(() -> ticket.keep(open(row, sealed)));
    }

    private Manifest open(SlotRow row, byte[] sealed) {
        byte[] plain = opened.key().openManifest(row.objectId(), sealed);
        try {
            return Manifest.decode(plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private byte[] readAll(BlobName name) throws IOException {
        try (BlobStore.BlobReader reader = open(name)) {
            var out = new ByteArrayOutputStream((int) reader.size());
            byte[] buffer = new byte[64 * 1024];
            for (int count; (count = reader.read(out.size(), buffer, 0, buffer.length)) > 0; ) {
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        }
    }

    BlobStore.BlobReader open(BlobName name) throws IOException {
        try {
            return ground.blobs().open(name);
        } catch (NoSuchFileException e) {
            // A blob that an erasure dropped is no damage: then the ticket was cut before.
            opened.ticket().requireHeld();
            throw new Problem(
                    Reason.DAMAGED,
                    "The object's content cannot be read.",
                    "A blob that its row names is not in the data folder.",
                    "Restore the data folder from a backup.",
                    e);
        }
    }
}
