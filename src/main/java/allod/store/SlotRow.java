package allod.store;

import allod.keys.Envelope;
import allod.store.engine.BlobName;
import java.util.ArrayList;
import java.util.List;

/**
 * A slot in use (family {@code s}), written in the commit that first names it and dropped only by the erasure gate. For
 * a version or an upload it holds the envelope, the sealed description and the content or where that lies.
 *
 * @param owner the bucket, key and order it serves; for slots outside buckets all empty
 * @param objectId 16 random bytes that the envelope and the streams are bound to; empty where there is no envelope
 * @param wrappedCek the content key under the slot's key; empty where there is no envelope
 * @param commitment what makes the slot's key the only one that opens it; empty where there is no envelope
 * @param shareSlots the slots of a version's envelopes for parties in escrow: they are erased with it
 * @param floeHash SHA-256 over the headers of the content's streams; 32 zero bytes where there is no content
 * @param sealedMetadata metadata, ETag and checksums under a key of the object; of a share, its {@link ShareRecord}
 * @param inline the ciphertext of small content
 * @param blobs where larger content lies, in part order; the last one is the manifest where {@code manifestInBlob}
 * @param sealedManifest the parts of a joined object under a key of the object; empty for a single stream
 */
record SlotRow(
        SlotKind kind,
        Owner owner,
        byte[] objectId,
        byte[] wrappedCek,
        byte[] commitment,
        List<Long> shareSlots,
        byte[] floeHash,
        byte[] sealedMetadata,
        byte[] inline,
        List<BlobName> blobs,
        boolean manifestInBlob,
        byte[] sealedManifest) {
    private static final byte[] NOTHING = {};
    private static final byte[] NO_HASH = new byte[32];

    /** The version a slot serves. */
    record Owner(long bucketId, byte[] key, long order) {
        static final Owner NONE = new Owner(0, NOTHING, 0);
    }

    /** A slot whose secret is used directly, such as a period's. */
    static SlotRow bare(SlotKind kind) {
        return new SlotRow(
                kind,
                Owner.NONE,
                NOTHING,
                NOTHING,
                NOTHING,
                List.of(),
                NO_HASH,
                NOTHING,
                NOTHING,
                List.of(),
                false,
                NOTHING);
    }

    /** The envelope of a party in escrow, beside a version's own. */
    static SlotRow share(Owner owner, byte[] objectId, Envelope envelope, ShareRecord record) {
        return new SlotRow(
                SlotKind.SHARE,
                owner,
                objectId,
                envelope.wrappedKey(),
                envelope.commitment(),
                List.of(),
                NO_HASH,
                record.encode(),
                NOTHING,
                List.of(),
                false,
                NOTHING);
    }

    SlotRow withShares(List<Long> slots) {
        return new SlotRow(
                kind,
                owner,
                objectId,
                wrappedCek,
                commitment,
                slots,
                floeHash,
                sealedMetadata,
                inline,
                blobs,
                manifestInBlob,
                sealedManifest);
    }

    SlotRow withOrder(long order) {
        return new SlotRow(
                kind,
                new Owner(owner.bucketId, owner.key, order),
                objectId,
                wrappedCek,
                commitment,
                shareSlots,
                floeHash,
                sealedMetadata,
                inline,
                blobs,
                manifestInBlob,
                sealedManifest);
    }

    SlotRow withDescription(byte[] sealed) {
        return new SlotRow(
                kind,
                owner,
                objectId,
                wrappedCek,
                commitment,
                shareSlots,
                floeHash,
                sealed,
                inline,
                blobs,
                manifestInBlob,
                sealedManifest);
    }

    byte[] encode() {
        var row = new RowWriter(256 + owner.key.length + sealedMetadata.length + inline.length + sealedManifest.length)
                .u8(1)
                .u8(kind.code)
                .u64(owner.bucketId)
                .field16(owner.key)
                .u64(owner.order)
                .field16(objectId)
                .field16(wrappedCek)
                .field16(commitment)
                .u16(shareSlots.size());
        shareSlots.forEach(row::u64);
        row.raw(floeHash).field32(sealedMetadata).field32(inline).u16(blobs.size());
        blobs.forEach(blob -> row.raw(blob.bytes()));
        return row.u8(manifestInBlob ? 1 : 0).field32(sealedManifest).toBytes();
    }

    static SlotRow decode(byte[] value) {
        var row = new RowReader("s", value).format(1);
        SlotKind kind = row.code(SlotKind::of);
        var owner = new Owner(row.u64(), row.field16(), row.u64());
        byte[] objectId = row.field16();
        byte[] cek = row.field16();
        byte[] commitment = row.field16();
        var shares = new ArrayList<Long>();
        for (int left = row.u16(); left > 0; left--) {
            shares.add(row.u64());
        }
        byte[] floeHash = row.raw(32);
        byte[] metadata = row.field32();
        byte[] inline = row.field32();
        int count = row.u16();
        var blobs = new ArrayList<BlobName>(count);
        for (int i = 0; i < count; i++) {
            blobs.add(BlobName.of(row.raw(BlobName.LENGTH)));
        }
        boolean manifestInBlob = row.flag();
        byte[] manifest = row.field32();
        row.end();
        return new SlotRow(
                kind,
                owner,
                objectId,
                cek,
                commitment,
                shares,
                floeHash,
                metadata,
                inline,
                blobs,
                manifestInBlob,
                manifest);
    }
}
