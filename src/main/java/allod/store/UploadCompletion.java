package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.keys.EtagMask;
import allod.keys.FloeHash;
import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One try at turning an upload into an object. */
final class UploadCompletion {
    private final Ground ground;
    private final VersionCommits commits;
    private final AbandonedWrites abandoned;
    private final Caller caller;
    private final BucketName name;
    private final BucketRow bucket;
    private final ObjectKey key;
    private final UploadId upload;
    private final UploadRow row;
    private final CompleteRequest request;
    private boolean partsChanged;

    UploadCompletion(
            Ground ground,
            VersionCommits commits,
            AbandonedWrites abandoned,
            Caller caller,
            BucketName name,
            BucketRow bucket,
            ObjectKey key,
            UploadId upload,
            UploadRow row,
            CompleteRequest request) {
        this.ground = ground;
        this.commits = commits;
        this.abandoned = abandoned;
        this.caller = caller;
        this.name = name;
        this.bucket = bucket;
        this.key = key;
        this.upload = upload;
        this.row = row;
        this.request = request;
    }

    /** Empty where the parts changed meanwhile. */
    Optional<PutAnswer> join(
            List<StoredPart> listed,
            List<StoredPart> stored,
            CompleteRequest.Joined joined,
            Description created,
            PartKeys partKeys)
            throws IOException {
        long slot = ground.reservations().take(bucket.domain(), bucket.id());
        List<BlobName> strays = new ArrayList<>(1);
        boolean placed = false;
        try (ContentKey contentKey = ContentKey.random(ground.random())) {
            NewVersion version = version(slot, listed, joined, created, strays, contentKey, partKeys);
            EventBody event = EventBody.of("upload.complete", caller)
                    .text("upload", upload.toString())
                    .number("parts", listed.size());
            PutAnswer answer = commits.commit(
                    version, request.condition(), caller, event, transaction -> close(transaction, listed, stored));
            placed = true;
            ground.reservations().settled(bucket.domain(), bucket.id(), slot);
            return Optional.of(answer);
        } catch (Problem refused) {
            if (partsChanged) {
                return Optional.empty();
            }
            throw refused;
        } finally {
            if (!placed) {
                abandoned.giveUp(bucket, name, key, slot, caller.requestId(), strays);
            }
        }
    }

    private NewVersion version(
            long slot,
            List<StoredPart> listed,
            CompleteRequest.Joined joined,
            Description created,
            List<BlobName> strays,
            ContentKey contentKey,
            PartKeys partKeys)
            throws IOException {
        byte[] secret = ground.secrets().secret(bucket.domain(), slot).orElseThrow(() -> Refusals.noSuchBucket(name));
        byte[] domain = ground.secrets().domainId(bucket.domain());
        byte[] objectId = upload.bytes();
        var binding = new EnvelopeBinding(domain, bucket.id(), objectId);
        Envelope envelope = Envelope.wrap(contentKey, secret, Envelope.NO_ACCESS_SECRET, binding, ground.random())
                .envelope();
        List<Manifest.Part> parts = new ArrayList<>(listed.size());
        for (StoredPart part : listed) {
            parts.add(new Manifest.Part(
                    part.number(), part.row().blob(), part.row().size(), partKeys.of(part), part.checksum()));
        }
        var manifest = new Manifest(parts);
        byte[] plain = manifest.encode();
        byte[] sealedManifest = contentKey.sealManifest(objectId, plain, ground.random());
        Arrays.fill(plain, (byte) 0);
        partKeys.requireHeld();
        partKeys.done();
        List<BlobName> blobs =
                new ArrayList<>(listed.stream().map(part -> part.row().blob()).toList());
        boolean apart = listed.size() > Manifest.INLINE_PARTS;
        if (apart) {
            BlobName manifestBlob = store(sealedManifest);
            strays.add(manifestBlob);
            blobs.add(manifestBlob);
        }
        var description = new Description(
                manifest.size(), joined.etag(), joined.checksum(), created.metadata(), created.customerCheck());
        var slotRow = new SlotRow(
                SlotKind.VERSION,
                new SlotRow.Owner(bucket.id(), key.bytes(), 0),
                objectId,
                envelope.wrappedKey(),
                envelope.commitment(),
                List.of(),
                FloeHash.ofObject(
                        listed.stream().map(part -> part.row().headerHash()).toList()),
                contentKey.sealMetadata(objectId, description.encode(), ground.random()),
                new byte[0],
                blobs,
                apart,
                apart ? new byte[0] : sealedManifest);
        byte[] masked = EtagMask.apply(secret, joined.etag().md5());
        return new NewVersion(name, bucket, key, slot, masked, slotRow, description, contentKey, row.lock());
    }

    private BlobName store(byte[] sealed) throws IOException {
        BlobName blob = BlobName.random(ground.random());
        try (BlobStore.Pending pending = ground.blobs().create(blob)) {
            pending.write(sealed, 0, sealed.length);
            pending.commit();
        }
        return blob;
    }

    /** A part was stored or replaced between the look at the parts and the commit: the try changes nothing. */
    private Problem partsChanged() {
        partsChanged = true;
        return Refusals.overtaken();
    }

    /** The upload's end, in the object's own commit: its rows go, its slot is queued with the blobs nobody lists. */
    private void close(Transaction transaction, List<StoredPart> listed, List<StoredPart> stored) {
        byte[] uploadKey = MapKey.upload(bucket.id(), key, upload);
        byte[] now = transaction.get(uploadKey);
        if (now == null) {
            throw Refusals.noSuchUpload();
        }
        Set<Integer> kept = new HashSet<>();
        listed.forEach(part -> kept.add(part.number()));
        byte[] from = MapKey.partsOf(upload);
        List<Map.Entry<byte[], byte[]>> rows = transaction.all(from, MapKey.after(from));
        if (rows.size() != stored.size()) {
            throw partsChanged();
        }
        List<BlobName> unlisted = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            StoredPart part = stored.get(i);
            if (!Arrays.equals(rows.get(i).getValue(), part.rowBytes())) {
                throw partsChanged();
            }
            if (!kept.contains(part.number())) {
                unlisted.add(part.row().blob());
            }
            transaction.delete(rows.get(i).getKey());
        }
        transaction.delete(uploadKey);
        Uploads.queue(
                ground, transaction, caller.requestId(), ErasureReason.COMPLETED, bucket, name, key, row, unlisted);
    }

    /** The parts the client listed, in its order, each as it says it is. */
    static List<StoredPart> select(List<StoredPart> stored, CompleteRequest request) {
        Map<Integer, StoredPart> byNumber = new TreeMap<>();
        stored.forEach(part -> byNumber.put(part.number(), part));
        List<StoredPart> listed = new ArrayList<>(request.parts().size());
        int last = 0;
        for (CompleteRequest.NamedPart named : request.parts()) {
            if (named.number() <= last) {
                throw new Problem(
                        Reason.INVALID_PART_ORDER,
                        "The list of parts was not in ascending order.",
                        "Part " + named.number() + " follows part " + last + ".",
                        "List the parts by rising number, each once.");
            }
            last = named.number();
            StoredPart part = byNumber.get(named.number());
            boolean same = part != null
                    && part.info().etag().equalsIgnoreCase(named.etag())
                    && (named.checksum().isEmpty() || named.checksum().equals(part.checksum()));
            if (part == null || !same) {
                throw new Problem(
                        Reason.INVALID_PART,
                        "One or more of the specified parts could not be found.",
                        "Part " + named.number() + " was not uploaded, or its ETag or checksum is another.",
                        "List the upload's parts and name them as they are.");
            }
            listed.add(part);
        }
        return listed;
    }

    static void checkWhole(
            CompleteRequest request, List<StoredPart> listed, CompleteRequest.Joined joined, long minPartBytes) {
        for (StoredPart part : listed.subList(0, Math.max(0, listed.size() - 1))) {
            if (part.row().size() < minPartBytes) {
                throw new Problem(
                        Reason.PART_TOO_SMALL,
                        "Your proposed upload is smaller than the minimum allowed size.",
                        "Part " + part.number() + " has " + part.row().size() + " bytes; all but the last need "
                                + minPartBytes + ".",
                        "Upload larger parts.");
            }
        }
        long size = listed.stream().mapToLong(part -> part.row().size()).sum();
        if (size > ObjectStore.MAX_OBJECT_BYTES) {
            throw Refusals.tooLarge(ObjectStore.MAX_OBJECT_BYTES);
        }
        if (request.size().isPresent() && request.size().getAsLong() != size) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The object's size is not the one the request says.",
                    "The parts have " + size + " bytes, the request says "
                            + request.size().getAsLong() + ".",
                    "Check which parts were uploaded.");
        }
        if (request.expected().isPresent() && !request.expected().equals(joined.checksum())) {
            throw new Problem(
                    Reason.BAD_DIGEST,
                    "The checksum of the whole object did not match.",
                    "The parts give another value than the request says.",
                    "Check the parts, then complete again.");
        }
    }
}
