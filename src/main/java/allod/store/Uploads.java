package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.keys.UploadKey;
import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Multipart uploads. An upload has a slot U of its own; each part's random key is sealed under it. Completing makes a new
 * slot for the object with exactly the keys of the listed parts, and queues U: parts that were replaced or not listed
 * are gone with it.
 */
final class Uploads {
    private static final int TRIES = 8;
    private static final byte[] NO_ETAG = new byte[16];

    private final Ground ground;
    private final Buckets buckets;
    private final VersionCommits commits;
    private final DroppedBlobs dropped;
    private final AbandonedWrites abandoned;
    private final DueLooks looks;
    private final long minPartBytes;

    /** @param minPartBytes the least size of every part but an upload's last, {@link ObjectStore#MIN_PART_BYTES} to S3 */
    Uploads(
            Ground ground,
            Buckets buckets,
            VersionCommits commits,
            DroppedBlobs dropped,
            AbandonedWrites abandoned,
            DueLooks looks,
            long minPartBytes) {
        this.ground = ground;
        this.buckets = buckets;
        this.commits = commits;
        this.dropped = dropped;
        this.abandoned = abandoned;
        this.looks = looks;
        this.minPartBytes = minPartBytes;
    }

    UploadId create(
            Caller caller,
            BucketName name,
            ObjectKey key,
            ObjectMetadata metadata,
            Optional<Checksum.Plan> plan,
            ObjectLock lock,
            Optional<CustomerKey> customerKey)
            throws IOException {
        Writes.checkMetadata(metadata);
        BucketRow before = buckets.owned(caller, name, key, "upload.create");
        VersionCommits.requireLockable(name, before, lock);
        ground.space().require(0);
        byte[] idBytes = new byte[16];
        ground.random().nextBytes(idBytes);
        var upload = new UploadId(idBytes);
        long slot = ground.reservations().take(before.domain(), before.id());
        boolean placed = false;
        try {
            SlotRow row = uploadRow(before, name, key, upload, slot, metadata, customerKey);
            place(caller, name, before, key, upload, slot, row, new UploadRow(slot, 0, plan, lock));
            placed = true;
        } finally {
            if (!placed) {
                abandoned.giveUp(before, name, key, slot, caller.requestId(), List.of());
            }
        }
        ground.reservations().settled(before.domain(), before.id(), slot);
        return upload;
    }

    private SlotRow uploadRow(
            BucketRow bucket,
            BucketName name,
            ObjectKey key,
            UploadId upload,
            long slot,
            ObjectMetadata metadata,
            Optional<CustomerKey> customerKey) {
        byte[] secret = ground.secrets().secret(bucket.domain(), slot).orElseThrow(() -> Refusals.noSuchBucket(name));
        byte[] domain = ground.secrets().domainId(bucket.domain());
        var sealed = Envelope.seal(
                secret,
                Envelope.NO_ACCESS_SECRET,
                new EnvelopeBinding(domain, bucket.id(), upload.bytes()),
                ground.random());
        try (ContentKey contentKey = sealed.contentKey()) {
            byte[] check = CustomerKeys.check(customerKey, upload.bytes());
            var description = new Description(0, new ETag(NO_ETAG, 0), Optional.empty(), metadata, check);
            return new SlotRow(
                    SlotKind.UPLOAD,
                    new SlotRow.Owner(bucket.id(), key.bytes(), 0),
                    upload.bytes(),
                    sealed.envelope().wrappedKey(),
                    sealed.envelope().commitment(),
                    List.of(),
                    new byte[32],
                    contentKey.sealMetadata(upload.bytes(), description.encode(), ground.random()),
                    new byte[0],
                    List.of(),
                    false,
                    new byte[0]);
        }
    }

    private void place(
            Caller caller,
            BucketName name,
            BucketRow before,
            ObjectKey key,
            UploadId upload,
            long slot,
            SlotRow row,
            UploadRow named)
            throws IOException {
        byte[] body =
                body("upload.create", caller, name, key, upload).outcome("ok").toBytes();
        ground.sequencer().submit(transaction -> {
            BucketRow bucket = Buckets.still(transaction, name, before);
            long order = transaction.nextOrder();
            transaction.put(
                    MapKey.upload(bucket.id(), key, upload),
                    named.withOrder(order).encode());
            looks.came(transaction, bucket.id(), name, key);
            transaction.put(
                    MapKey.slot(bucket.domain(), slot), row.withOrder(order).encode());
            return transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
        });
    }

    static EventBody body(String type, Caller caller, BucketName name, ObjectKey key, UploadId upload) {
        return EventBody.of(type, caller).bucket(name).key(key).text("upload", upload.toString());
    }

    private UploadRow require(BucketRow bucket, ObjectKey key, UploadId upload) {
        byte[] row = ground.map().get(MapKey.upload(bucket.id(), key, upload));
        if (row == null) {
            throw Refusals.noSuchUpload();
        }
        return UploadRow.decode(row);
    }

    /** What is asked of an upload and refused by what is stored of it. */
    private static final Set<Reason> DECIDED =
            EnumSet.of(Reason.NO_SUCH_UPLOAD, Reason.INVALID_PART, Reason.INVALID_PART_ORDER, Reason.PART_TOO_SMALL);

    /** Records a refusal in the chain of the bucket's owner; one that says nothing of stored data leaves no event. */
    void recordRefusal(Problem problem, String action, Caller caller, BucketName name, ObjectKey key, UploadId upload)
            throws IOException {
        if (DECIDED.contains(problem.reason())) {
            buckets.refuse(buckets.owned(caller, name, key, action), body(action, caller, name, key, upload), problem);
        }
    }

    Optional<Checksum.Plan> plan(Caller caller, BucketName name, ObjectKey key, UploadId upload) throws IOException {
        return require(buckets.owned(caller, name, key, "upload.part"), key, upload)
                .plan();
    }

    /** @throws Problem INVALID_REQUEST if the upload was not created with this key */
    void requireKey(Caller caller, BucketName name, ObjectKey key, UploadId upload, CustomerKey customerKey)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "upload.key");
        UploadRow row = require(bucket, key, upload);
        CustomerKeys.require(
                description(bucket, row, upload).customerCheck(), upload.bytes(), Optional.of(customerKey));
    }

    /** The upload's key, under a ticket of its slot that the caller closes. */
    private UploadKey open(BucketRow bucket, UploadRow row, UploadId upload, ReadTickets.Ticket ticket)
            throws IOException {
        byte[] value = ground.map().get(MapKey.slot(bucket.domain(), row.slot()));
        Optional<byte[]> secret =
                value == null ? Optional.empty() : ground.secrets().secret(bucket.domain(), row.slot());
        if (value == null || secret.isEmpty()) {
            throw Refusals.noSuchUpload();
        }
        SlotRow slot = SlotRow.decode(value);
        byte[] domain = ground.secrets().domainId(bucket.domain());
        UploadKey key = UploadKey.of(
                new Envelope(slot.wrappedCek(), slot.commitment()),
                secret.get(),
                Envelope.NO_ACCESS_SECRET,
                new EnvelopeBinding(domain, bucket.id(), upload.bytes()));
        try {
            return ticket.keep(key);
        } catch (ReadTickets.ErasedException ended) {
            throw Refusals.noSuchUpload();
        }
    }

    /** Does something with an upload's keys; an upload whose keys were erased meanwhile is no more. */
    static <T> T held(ReadTickets.Ticket ticket, ReadTickets.Step<T> step) throws IOException {
        try {
            return ticket.whileHeld(step);
        } catch (ReadTickets.ErasedException ended) {
            throw Refusals.noSuchUpload();
        }
    }

    PartWriter writePart(
            Caller caller,
            BucketName name,
            ObjectKey key,
            UploadId upload,
            int number,
            Optional<CustomerKey> customerKey)
            throws IOException {
        if (number < 1 || number > ObjectStore.MAX_PARTS) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Part number must be an integer between 1 and 10000, inclusive.",
                    "The request says " + number + ".",
                    "Number the parts from 1 to 10,000.");
        }
        BucketRow bucket = buckets.owned(caller, name, key, "upload.part");
        ground.space().require(0);
        UploadRow row = require(bucket, key, upload);
        ReadTickets.Ticket ticket = ground.tickets().take(bucket.domain(), row.slot());
        boolean ready = false;
        try {
            UploadKey uploadKey = open(bucket, row, upload, ticket);
            CustomerKeys.require(description(bucket, row, upload).customerCheck(), upload.bytes(), customerKey);
            var writer = new PartUpload(
                    ground, dropped, caller, name, bucket, key, upload, number, row, ticket, uploadKey, customerKey);
            ready = true;
            return writer;
        } finally {
            if (!ready) {
                ticket.close();
            }
        }
    }

    private List<StoredPart> parts(
            UploadId upload, UploadKey uploadKey, ReadTickets.Ticket ticket, int after, int limit) throws IOException {
        List<StoredPart> parts = new ArrayList<>();
        byte[] from = MapKey.part(upload, after + 1);
        try (var cursor = ground.map().scan(from, MapKey.after(MapKey.partsOf(upload)))) {
            while (parts.size() < limit && cursor.next()) {
                byte[] key = cursor.key();
                int number = (key[key.length - 2] & 0xff) << 8 | (key[key.length - 1] & 0xff);
                byte[] value = cursor.value();
                PartRow row = PartRow.decode(value);
                // Each by itself, so that an erasure waits for one.
                parts.add(held(ticket, () -> {
                    PartRecord record = open(uploadKey, number, row);
                    Arrays.fill(record.key(), (byte) 0);
                    return new StoredPart(number, value, row, record.md5(), record.checksum());
                }));
            }
        }
        return parts;
    }

    /** Opens what is sealed of a part, its key included. */
    static PartRecord open(UploadKey uploadKey, int number, PartRow row) {
        byte[] record = uploadKey.openPart(number, row.blob().bytes(), row.sealed());
        try {
            return PartRecord.decode(record);
        } finally {
            Arrays.fill(record, (byte) 0);
        }
    }

    PutAnswer complete(
            Caller caller,
            BucketName name,
            ObjectKey key,
            UploadId upload,
            CompleteRequest request,
            CompleteRequest.Joiner joiner)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "upload.complete");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            UploadRow row = require(bucket, key, upload);
            try (ReadTickets.Ticket ticket = ground.tickets().take(bucket.domain(), row.slot())) {
                UploadKey uploadKey = open(bucket, row, upload, ticket);
                List<StoredPart> stored = parts(upload, uploadKey, ticket, 0, ObjectStore.MAX_PARTS);
                // An upload ends with its parts in one commit: while it is there, these are all of them.
                require(bucket, key, upload);
                List<StoredPart> listed = UploadCompletion.select(stored, request);
                CompleteRequest.Joined joined =
                        joiner.join(listed.stream().map(StoredPart::info).toList(), row.plan());
                UploadCompletion.checkWhole(request, listed, joined, minPartBytes);
                Description description = description(bucket, row, upload);
                Optional<PutAnswer> answer = new UploadCompletion(
                                ground, commits, abandoned, caller, name, bucket, key, upload, row, request)
                        .join(listed, stored, joined, description, new PartKeys(ticket, uploadKey));
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        throw Refusals.overtaken();
    }

    /** What was said of the object when its upload was created. */
    private Description description(BucketRow bucket, UploadRow row, UploadId upload) {
        byte[] value = ground.map().get(MapKey.slot(bucket.domain(), row.slot()));
        if (value == null) {
            throw Refusals.noSuchUpload();
        }
        SlotRow slot = SlotRow.decode(value);
        byte[] secret = ground.secrets().secret(bucket.domain(), row.slot()).orElseThrow(Refusals::noSuchUpload);
        byte[] domain = ground.secrets().domainId(bucket.domain());
        try (ContentKey key = new Envelope(slot.wrappedCek(), slot.commitment())
                .open(secret, Envelope.NO_ACCESS_SECRET, new EnvelopeBinding(domain, bucket.id(), upload.bytes()))) {
            return Description.decode(key.openMetadata(upload.bytes(), slot.sealedMetadata()));
        }
    }

    /** Queues an upload's slot, with the blobs that go with it. */
    static void queue(
            Ground ground,
            Transaction transaction,
            String requestId,
            ErasureReason reason,
            BucketRow bucket,
            BucketName name,
            ObjectKey key,
            UploadRow row,
            List<BlobName> blobs) {
        var pending = new PendingRow(reason, false, row.order(), 0, requestId, name.value(), blobs);
        ground.queue().add(transaction, bucket.domain(), bucket.id(), key.bytes(), row.slot(), pending);
    }

    /** Takes an upload away with its parts: all that was sealed under its slot goes with the slot. */
    static void end(
            Ground ground,
            Transaction transaction,
            String requestId,
            ErasureReason reason,
            BucketRow bucket,
            BucketName name,
            ObjectKey key,
            UploadId upload,
            UploadRow row) {
        List<BlobName> blobs = new ArrayList<>();
        byte[] from = MapKey.partsOf(upload);
        for (Map.Entry<byte[], byte[]> part : transaction.all(from, MapKey.after(from))) {
            blobs.add(PartRow.decode(part.getValue()).blob());
            transaction.delete(part.getKey());
        }
        transaction.delete(MapKey.upload(bucket.id(), key, upload));
        queue(ground, transaction, requestId, reason, bucket, name, key, row, blobs);
    }

    void abort(Caller caller, BucketName name, ObjectKey key, UploadId upload) throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "upload.abort");
        byte[] body =
                body("upload.abort", caller, name, key, upload).outcome("ok").toBytes();
        ground.sequencer().submit(transaction -> {
            Buckets.still(transaction, name, bucket);
            byte[] uploadKey = MapKey.upload(bucket.id(), key, upload);
            byte[] now = transaction.get(uploadKey);
            if (now == null) {
                throw Refusals.noSuchUpload();
            }
            UploadRow row = UploadRow.decode(now);
            end(ground, transaction, caller.requestId(), ErasureReason.ABORTED, bucket, name, key, upload, row);
            return transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
        });
    }

    PartPage listParts(Caller caller, BucketName name, ObjectKey key, UploadId upload, OptionalInt after, int limit)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "upload.parts");
        UploadRow row = require(bucket, key, upload);
        List<StoredPart> found;
        try (ReadTickets.Ticket ticket = ground.tickets().take(bucket.domain(), row.slot())) {
            UploadKey uploadKey = open(bucket, row, upload, ticket);
            int from = Math.min(after.orElse(0), ObjectStore.MAX_PARTS);
            found = parts(upload, uploadKey, ticket, from, limit + 1);
            require(bucket, key, upload);
        }
        List<PartInfo> page = found.stream().limit(limit).map(StoredPart::info).toList();
        byte[] body = body("upload.parts", caller, name, key, upload)
                .number("count", page.size())
                .outcome("ok")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        boolean more = found.size() > limit && limit > 0;
        return new PartPage(
                page, row.plan(), more ? OptionalInt.of(page.getLast().number()) : OptionalInt.empty());
    }
}
