package allod.store;

import allod.keys.ContentKey;
import allod.keys.StreamBinding;
import allod.keys.UploadKey;
import allod.store.engine.BlobName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The content of one part on its way in, under a random key that is sealed under the upload's. */
final class PartUpload implements PartWriter {
    private final Ground ground;
    private final DroppedBlobs dropped;
    private final Caller caller;
    private final BucketName name;
    private final BucketRow bucket;
    private final ObjectKey key;
    private final UploadId upload;
    private final int number;
    private final UploadRow row;
    private final ReadTickets.Ticket ticket;
    private final UploadKey uploadKey;
    private final ContentKey partKey;
    private final ContentSealer content;
    private final boolean hidesDigest;

    /** @param uploadKey under the ticket, which this writer closes */
    PartUpload(
            Ground ground,
            DroppedBlobs dropped,
            Caller caller,
            BucketName name,
            BucketRow bucket,
            ObjectKey key,
            UploadId upload,
            int number,
            UploadRow row,
            ReadTickets.Ticket ticket,
            UploadKey uploadKey,
            Optional<CustomerKey> customerKey)
            throws IOException {
        this.ground = ground;
        this.dropped = dropped;
        this.caller = caller;
        this.name = name;
        this.bucket = bucket;
        this.key = key;
        this.upload = upload;
        this.number = number;
        this.row = row;
        this.ticket = ticket;
        this.uploadKey = uploadKey;
        this.partKey = ticket.keep(ContentKey.random(ground.random()));
        byte[] domain = ground.secrets().domainId(bucket.domain());
        this.content = new ContentSealer(
                partKey,
                new StreamBinding(domain, upload.bytes(), number),
                CustomerKeys.secret(customerKey),
                0,
                ground);
        this.hidesDigest = customerKey.isPresent();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        content.write(bytes, offset, length);
    }

    @Override
    public PartInfo commit(byte[] digest, Optional<String> checksum) throws IOException {
        byte[] md5 = digest;
        if (hidesDigest) {
            // As an object's: with a customer's key the tag is random.
            md5 = new byte[16];
            ground.random().nextBytes(md5);
        }
        ContentSealer.Stream stream = content.finish();
        BlobName blob = stream.blob().orElseThrow();
        boolean placed = false;
        try {
            PartInfo info = place(stream, blob, md5, checksum);
            placed = true;
            return info;
        } finally {
            if (!placed) {
                ground.sequencer().submit(transaction -> {
                    dropped.add(transaction, bucket.domain(), List.of(blob));
                    return true;
                });
            }
        }
    }

    private PartInfo place(ContentSealer.Stream stream, BlobName blob, byte[] md5, Optional<String> checksum)
            throws IOException {
        byte[] sealed = Uploads.held(ticket, () -> seal(blob, md5, checksum));
        byte[] body = Uploads.body("upload.part", caller, name, key, upload)
                .number("part", number)
                .number("size", stream.size())
                .outcome("ok")
                .toBytes();
        long order = ground.sequencer().submit(transaction -> {
            Buckets.still(transaction, name, bucket);
            byte[] now = transaction.get(MapKey.upload(bucket.id(), key, upload));
            if (now == null || UploadRow.decode(now).slot() != row.slot()) {
                throw Refusals.noSuchUpload();
            }
            byte[] partKeyInMap = MapKey.part(upload, number);
            byte[] replaced = transaction.get(partKeyInMap);
            if (replaced != null) {
                dropped.add(
                        transaction,
                        bucket.domain(),
                        List.of(PartRow.decode(replaced).blob()));
            }
            long at = transaction.nextOrder();
            var part = new PartRow(blob, stream.size(), stream.headerHash(), at, sealed);
            transaction.put(partKeyInMap, part.encode());
            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
            return at;
        });
        return new PartInfo(number, md5, stream.size(), Order.time(order), checksum);
    }

    private byte[] seal(BlobName blob, byte[] md5, Optional<String> checksum) {
        byte[] secret = partKey.copy();
        byte[] record = new PartRecord(secret, md5, checksum).encode();
        Arrays.fill(secret, (byte) 0);
        byte[] sealed = uploadKey.sealPart(number, blob.bytes(), record, ground.random());
        Arrays.fill(record, (byte) 0);
        return sealed;
    }

    @Override
    public void close() {
        content.close();
        ticket.close();
    }
}
