package allod.store;

import allod.keys.ContentKey;
import allod.keys.FloeEncryptor;
import allod.keys.FloeHash;
import allod.keys.FloeParameters;
import allod.keys.StreamBinding;
import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream of content on its way to rest: gathered to segments, sealed, and written to a blob, or kept for its row
 * while it is small. One thread at a time. Closing without {@link #finish} leaves no blob.
 */
final class ContentSealer implements ContentSink, AutoCloseable {
    /** The most ciphertext that stands in a slot row. */
    static final int INLINE_BYTES = 32 * 1024;

    private static final FloeParameters FLOE = FloeParameters.STANDARD;
    private static final int FIRST_BUFFER = 8 * 1024;

    private final FloeEncryptor encryptor;
    private final Ground ground;
    private final int inlineBytes;
    private final byte[] header;
    private byte[] plain = new byte[FIRST_BUFFER];
    private byte[] sealed = {};
    private int filled;
    private long size;
    private @Nullable BlobName name;
    private BlobStore.@Nullable Pending blob;

    /**
     * A stream at rest.
     *
     * @param size bytes of content
     * @param headerHash SHA-256 of its FLOE header
     * @param inline the ciphertext, where there is no blob
     */
    record Stream(long size, byte[] headerHash, byte[] inline, Optional<BlobName> blob) {}

    /**
     * @param customerKey 32 bytes; empty where the customer brings none
     * @param inlineBytes the most ciphertext to keep out of a blob, 0 for a blob always
     */
    ContentSealer(ContentKey key, StreamBinding binding, byte[] customerKey, int inlineBytes, Ground ground) {
        this.encryptor = key.encryptor(binding, customerKey, ground.random());
        this.header = encryptor.header();
        this.inlineBytes = inlineBytes;
        this.ground = ground;
    }

    /** @throws allod.base.Problem ENTITY_TOO_LARGE past what one request may carry, NO_SPACE below the floor */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (size + length > ObjectStore.MAX_PUT_BYTES) {
            throw Refusals.tooLarge(ObjectStore.MAX_PUT_BYTES);
        }
        ground.space().require(0);
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == FLOE.plainSegmentBytes()) {
                seal(false);
            }
            int count = Math.min(left, FLOE.plainSegmentBytes() - filled);
            if (plain.length < filled + count) {
                plain = grown(filled + count);
            }
            System.arraycopy(bytes, from, plain, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
        size += length;
    }

    private byte[] grown(int needed) {
        byte[] larger = Arrays.copyOf(plain, Math.min(FLOE.plainSegmentBytes(), Math.max(needed, plain.length * 2)));
        Arrays.fill(plain, 0, filled, (byte) 0);
        return larger;
    }

    private void seal(boolean last) throws IOException {
        int needed = filled + FloeParameters.SEGMENT_OVERHEAD;
        if (sealed.length < needed) {
            sealed = new byte[last ? needed : FLOE.segmentBytes()];
        }
        int length = encryptor.seal(plain, 0, filled, last, sealed, 0);
        filled = 0;
        BlobStore.Pending target = target();
        target.write(sealed, 0, length);
    }

    private BlobStore.Pending target() throws IOException {
        if (blob == null) {
            name = BlobName.random(ground.random());
            blob = ground.blobs().create(name);
            blob.write(header, 0, header.length);
        }
        return blob;
    }

    /** Seals the last segment; where there is a blob, it is durable on return. */
    Stream finish() throws IOException {
        byte[] headerHash = FloeHash.ofPart(header);
        int total = header.length + filled + FloeParameters.SEGMENT_OVERHEAD;
        if (blob == null && total <= inlineBytes) {
            byte[] inline = Arrays.copyOf(header, total);
            encryptor.seal(plain, 0, filled, true, inline, header.length);
            return new Stream(size, headerHash, inline, Optional.empty());
        }
        seal(true);
        target().commit();
        return new Stream(size, headerHash, new byte[0], Optional.ofNullable(name));
    }

    @Override
    public void close() {
        encryptor.close();
        Arrays.fill(plain, (byte) 0);
        if (blob != null) {
            try {
                blob.close();
            } catch (IOException leftForTheSweep) {
                // An unfinished blob has no name in the map and is cleared at the next start.
                blob = null;
            }
        }
    }
}
