package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.ContentKey;
import allod.keys.FloeParameters;
import allod.keys.FloeRangeReader;
import allod.keys.FloeStream;
import allod.keys.StreamBinding;
import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;

/**
 * A version's content on its way to a reader whose event is durable. Memory held: two segments. How the reading ended is
 * a later event, but only where less was given than released.
 */
final class VersionContent implements ReadAnswer.Content {
    private final Ground ground;
    private final BucketRow bucket;
    private final byte[] domain;
    private final ObjectInfo info;
    private final Versions.Opened opened;
    private final long first;
    private final long length;
    private final byte[] endedEvent;
    private long given;
    private boolean closed;

    /** @param endedEvent the event's body for a reading that ends early, without the count of bytes */
    VersionContent(
            Ground ground,
            BucketRow bucket,
            byte[] domain,
            ObjectInfo info,
            Versions.Opened opened,
            long first,
            long length,
            byte[] endedEvent) {
        this.ground = ground;
        this.bucket = bucket;
        this.domain = domain;
        this.info = info;
        this.opened = opened;
        this.first = first;
        this.length = length;
        this.endedEvent = endedEvent;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void transferTo(ContentSink sink) throws IOException {
        SlotRow row = opened.row();
        if (row.sealedManifest().length == 0 && !row.manifestInBlob()) {
            byte[] key = opened.ticket().whileHeld(() -> opened.key().streamKey(binding(1)));
            try {
                if (row.blobs().isEmpty()) {
                    transfer(sink, key, 1, info.size(), first, length, inline(row.inline()));
                } else {
                    transferBlob(sink, key, 1, row.blobs().getFirst(), info.size(), first, length);
                }
            } finally {
                Arrays.fill(key, (byte) 0);
            }
        } else {
            transferParts(sink, manifest(row));
        }
    }

    private void transferParts(ContentSink sink, Manifest manifest) throws IOException {
        try {
            transferRange(sink, manifest);
        } finally {
            manifest.parts().forEach(part -> Arrays.fill(part.key(), (byte) 0));
        }
    }

    private void transferRange(ContentSink sink, Manifest manifest) throws IOException {
        long start = 0;
        long end = first + length;
        for (Manifest.Part part : manifest.parts()) {
            long partEnd = start + part.size();
            if (partEnd > first && start < end) {
                long from = Math.max(first, start);
                long to = Math.min(end, partEnd);
                transferPart(sink, part, from - start, to - from);
            }
            start = partEnd;
        }
    }

    private void transferPart(ContentSink sink, Manifest.Part part, long from, long count) throws IOException {
        byte[] key = {};
        try (ContentKey partKey = ContentKey.of(part.key())) {
            key = partKey.streamKey(binding(part.number()));
            transferBlob(sink, key, part.number(), part.blob(), part.size(), from, count);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private Manifest manifest(SlotRow row) throws IOException {
        byte[] sealed = row.manifestInBlob() ? readAll(row.blobs().getLast()) : row.sealedManifest();
        byte[] plain = opened.ticket().whileHeld(() -> opened.key().openManifest(row.objectId(), sealed));
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

    private StreamBinding binding(int part) {
        return new StreamBinding(domain, opened.row().objectId(), part);
    }

    private static FloeRangeReader.Source inline(byte[] ciphertext) {
        return (position, target, offset, count) -> {
            if (position + count > ciphertext.length) {
                throw new EOFException("the row holds less than the object's size says");
            }
            System.arraycopy(ciphertext, (int) position, target, offset, count);
        };
    }

    private void transferBlob(ContentSink sink, byte[] key, int part, BlobName name, long size, long from, long count)
            throws IOException {
        try (BlobStore.BlobReader blob = open(name)) {
            transfer(sink, key, part, size, from, count, (position, target, offset, wanted) -> {
                if (blob.read(position, target, offset, wanted) < wanted) {
                    throw new EOFException("the blob is shorter than the object's size says");
                }
            });
        }
    }

    private BlobStore.BlobReader open(BlobName name) throws IOException {
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

    private void transfer(
            ContentSink sink, byte[] key, int part, long size, long from, long count, FloeRangeReader.Source source)
            throws IOException {
        var stream = new FloeStream(FloeParameters.STANDARD, size);
        FloeStream.Slice slice = count == 0 ? stream.whole() : stream.slice(from, from + count - 1);
        ReadTickets.Ticket ticket = opened.ticket();
        FloeRangeReader reader = ticket.keep(
                new FloeRangeReader(stream, slice, key, binding(part).aad(), source));
        try {
            while (ticket.whileHeld(reader::next)) {
                // The piece was decrypted under the ticket; the client's network is waited for outside it.
                sink.write(reader.buffer(), reader.offset(), reader.length());
                given += reader.length();
            }
        } finally {
            ticket.release(reader);
            reader.wipePiece();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        opened.ticket().close();
        if (given < length) {
            recordEnd();
        }
    }

    private void recordEnd() {
        byte[] body = withBytes();
        try {
            ground.sequencer()
                    .submit(transaction ->
                            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        } catch (IOException | Problem stopping) {
            // The read's own event is durable and names the whole range; only this finer account is lost.
            ground.log().debug("the end of a read was not recorded: {}", stopping.getMessage());
        }
    }

    private byte[] withBytes() {
        byte[] tail = (",\"bytes\":" + given + ",\"outcome\":\"aborted\"}")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(endedEvent, endedEvent.length - 1 + tail.length);
        System.arraycopy(tail, 0, body, endedEvent.length - 1, tail.length);
        return body;
    }
}
