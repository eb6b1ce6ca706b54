package allod.store;

import allod.base.Problem;
import allod.keys.ContentKey;
import allod.keys.FloeParameters;
import allod.keys.FloeRangeReader;
import allod.keys.FloeStream;
import allod.keys.StreamBinding;
import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
    private final List<ObjectPart> parts;
    private final byte[] customerKey;
    private final VersionBlobs blobs;
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
            List<ObjectPart> parts,
            Optional<CustomerKey> customerKey,
            byte[] endedEvent) {
        this.ground = ground;
        this.bucket = bucket;
        this.domain = domain;
        this.info = info;
        this.opened = opened;
        this.first = first;
        this.length = length;
        this.parts = parts;
        this.customerKey = CustomerKeys.secret(customerKey);
        this.blobs = new VersionBlobs(ground, opened);
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

    /** Derives a stream's key from keys that are under the ticket; whoever asked wipes it. */
    private interface StreamKey {
        byte[] derive();
    }

    @Override
    public List<ObjectPart> parts() {
        return parts;
    }

    @Override
    public void transferTo(ContentSink sink) throws IOException {
        SlotRow row = opened.row();
        if (!blobs.hasManifest()) {
            StreamKey key = () -> opened.key().streamKey(binding(1), customerKey);
            if (row.blobs().isEmpty()) {
                transfer(sink, key, 1, info.size(), first, length, inline(row.inline()));
            } else {
                transferBlob(sink, key, 1, row.blobs().getFirst(), info.size(), first, length);
            }
        } else {
            transferParts(sink);
        }
    }

    /** The manifest's keys are under the ticket for as long as they are needed: an erasure wipes them too. */
    private void transferParts(ContentSink sink) throws IOException {
        Manifest manifest = blobs.manifest();
        try {
            transferRange(sink, manifest);
        } finally {
            opened.ticket().release(manifest);
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
                transferBlob(
                        sink, () -> streamKey(part), part.number(), part.blob(), part.size(), from - start, to - from);
            }
            start = partEnd;
        }
    }

    private byte[] streamKey(Manifest.Part part) {
        try (ContentKey key = ContentKey.of(part.key())) {
            return key.streamKey(binding(part.number()), customerKey);
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

    private void transferBlob(
            ContentSink sink, StreamKey key, int part, BlobName name, long size, long from, long count)
            throws IOException {
        try (BlobStore.BlobReader blob = blobs.open(name)) {
            transfer(sink, key, part, size, from, count, (position, target, offset, wanted) -> {
                if (blob.read(position, target, offset, wanted) < wanted) {
                    throw new EOFException("the blob is shorter than the object's size says");
                }
            });
        }
    }

    private void transfer(
            ContentSink sink, StreamKey key, int part, long size, long from, long count, FloeRangeReader.Source source)
            throws IOException {
        var stream = new FloeStream(FloeParameters.STANDARD, size);
        FloeStream.Slice slice = count == 0 ? stream.whole() : stream.slice(from, from + count - 1);
        ReadTickets.Ticket ticket = opened.ticket();
        FloeRangeReader reader = ticket.whileHeld(() -> ticket.keep(open(stream, slice, key, part, source)));
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

    private FloeRangeReader open(
            FloeStream stream, FloeStream.Slice slice, StreamKey key, int part, FloeRangeReader.Source source)
            throws IOException {
        byte[] streamKey = key.derive();
        try {
            return new FloeRangeReader(stream, slice, streamKey, binding(part).aad(), source);
        } finally {
            Arrays.fill(streamKey, (byte) 0);
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
