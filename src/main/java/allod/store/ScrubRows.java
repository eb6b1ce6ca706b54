package allod.store;

import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.keys.FloeParameters;
import allod.keys.FloeRangeReader;
import allod.keys.FloeStream;
import allod.keys.SecretBox;
import allod.keys.StreamBinding;
import allod.keys.UploadKey;
import allod.store.engine.BlobStore;
import allod.store.engine.Cursor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Authenticates one row after another, with all that hangs on it: a version's description, manifest and content, an
 * upload's parts, key pages by the way from the root, events, receipts and secrets by their boxes. For one thread.
 */
final class ScrubRows {
    /** What is read of content on the way; may wait, to keep to a rate. */
    interface Meter {
        void read(long bytes) throws IOException;
    }

    /** How a row was found. */
    enum Finding {
        WHOLE,
        /** Nobody here can tell: its key is the customer's, or was erased. */
        UNCHECKED,
        /** A slot's row or key is not there. */
        KEY_MISSING
    }

    /** A bucket as its name leads to it. */
    record Named(BucketName name, BucketRow row) {}

    private final Ground ground;
    private final Versions versions;
    private final PeriodKeys periods;
    private final Meter meter;
    private final Map<Long, Named> buckets = new HashMap<>();

    ScrubRows(Ground ground, PeriodKeys periods, Meter meter) {
        this.ground = ground;
        this.versions = new Versions(ground);
        this.periods = periods;
        this.meter = meter;
    }

    /** A bucket by its id; one that was made meanwhile is looked up. */
    Optional<Named> bucket(long id) {
        if (!buckets.containsKey(id)) {
            byte[] from = MapKey.family(Family.BUCKET);
            try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
                while (cursor.next()) {
                    BucketRow row = BucketRow.decode(cursor.value());
                    byte[] key = cursor.key();
                    var name = new BucketName(
                            new String(key, 1, key.length - 1, java.nio.charset.StandardCharsets.US_ASCII));
                    buckets.put(row.id(), new Named(name, row));
                }
            }
        }
        return Optional.ofNullable(buckets.get(id));
    }

    /**
     * Checks a row.
     *
     * @throws allod.base.Problem DAMAGED if it or what hangs on it is not what was written
     * @throws IOException if something cannot be read
     */
    Finding check(Family family, byte[] key, byte[] value) throws IOException {
        InspectedKey.read(family, key);
        InspectedValue.decoded(family, key, value);
        return switch (family) {
            case CURRENT -> version(key, NameRow.decode(value));
            case NONCURRENT -> version(key, NoncurrentRow.decode(value).row());
            case SLOT -> slot(key);
            case UPLOAD -> upload(key, UploadRow.decode(value));
            case PAGE -> page(key);
            case EVENTS -> events(key, value);
            case RECEIPT -> receipt(key, value);
            case ACCESS_KEY -> accessKey(key, AccessKeyRow.decode(value));
            case LOG -> signer(key, LogRow.decode(value));
            // With their version or upload.
            case PART -> Finding.WHOLE;
            // The whole log is recomputed at the end; of the others all is said by their form.
            case LEAVES, TILE, CHAIN, CHECKPOINT, RUN -> Finding.WHOLE;
            case FORMAT, TENANT, BUCKET, BUCKET_OF_TENANT, CONFIGURATION, PENDING, ROOT, DROPPED_BLOB -> Finding.WHOLE;
            case RESERVATION, PERIOD, ESCROW, IDENTITY, RESTORE -> Finding.WHOLE;
            case NULL_VERSION, SEALED, DUE, GRANT -> Finding.WHOLE;
        };
    }

    private Finding version(byte[] key, NameRow name) throws IOException {
        if (name.isMarker()) {
            return Finding.WHOLE;
        }
        var at = new RowReader("o", key);
        at.u8();
        Optional<Named> bucket = bucket(at.u64());
        ObjectKey objectKey = ObjectKey.stored(at.objectKey());
        if (bucket.isEmpty()) {
            return Finding.KEY_MISSING;
        }
        ground.secrets().admit(bucket.get().row().domain());
        Optional<Versions.Opened> opened = versions.open(bucket.get().row(), name);
        if (opened.isEmpty()) {
            return Finding.KEY_MISSING;
        }
        Versions.Opened version = opened.get();
        if (version.description().customerCheck().length > 0) {
            version.ticket().close();
            return Finding.UNCHECKED;
        }
        Description description = version.description();
        var info = new ObjectInfo(
                objectKey,
                description.size(),
                description.etag(),
                Order.time(name.order()),
                name.order(),
                description.metadata(),
                description.checksum(),
                description.etag().parts(),
                Optional.empty(),
                name.lock(),
                Optional.empty());
        byte[] domain = ground.secrets().domainId(bucket.get().row().domain());
        byte[] ended = EventBody.of("scrub.ended").toBytes();
        var content = new VersionContent(
                ground,
                bucket.get().row(),
                domain,
                info,
                version,
                0,
                description.size(),
                java.util.List.of(),
                Optional.empty(),
                ended);
        // Not closed as a reader's is: how a scrub ended is no event of the owner's.
        try (ReadTickets.Ticket _ = version.ticket()) {
            content.transferTo((buffer, offset, length) -> meter.read(length));
        }
        return Finding.WHOLE;
    }

    private Finding slot(byte[] key) {
        var at = new RowReader("s", key);
        at.u8();
        int domain = at.u32();
        ground.secrets().admit(domain);
        return ground.secrets().secret(domain, at.u64()).isPresent() ? Finding.WHOLE : Finding.KEY_MISSING;
    }

    /** The upload's description and all parts that came so far. */
    private Finding upload(byte[] key, UploadRow row) throws IOException {
        var at = new RowReader("u", key);
        at.u8();
        Optional<Named> named = bucket(at.u64());
        at.objectKey();
        var upload = new UploadId(at.raw(16));
        if (named.isEmpty()) {
            return Finding.KEY_MISSING;
        }
        BucketRow bucket = named.get().row();
        ground.secrets().admit(bucket.domain());
        byte[] value = ground.map().get(MapKey.slot(bucket.domain(), row.slot()));
        Optional<byte[]> secret = ground.secrets().secret(bucket.domain(), row.slot());
        if (value == null || secret.isEmpty()) {
            return Finding.KEY_MISSING;
        }
        SlotRow slot = SlotRow.decode(value);
        byte[] domain = ground.secrets().domainId(bucket.domain());
        var envelope = new Envelope(slot.wrappedCek(), slot.commitment());
        var binding = new EnvelopeBinding(domain, bucket.id(), upload.bytes());
        boolean customers;
        try (ContentKey content = envelope.open(secret.get().clone(), Envelope.NO_ACCESS_SECRET, binding)) {
            byte[] description = content.openMetadata(upload.bytes(), slot.sealedMetadata());
            customers = Description.decode(description).customerCheck().length > 0;
        }
        try (UploadKey uploadKey = UploadKey.of(envelope, secret.get(), Envelope.NO_ACCESS_SECRET, binding)) {
            byte[] from = MapKey.partsOf(upload);
            try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
                while (cursor.next()) {
                    part(domain, upload, uploadKey, cursor.key(), PartRow.decode(cursor.value()), customers);
                }
            }
        }
        return customers ? Finding.UNCHECKED : Finding.WHOLE;
    }

    private void part(byte[] domain, UploadId upload, UploadKey uploadKey, byte[] key, PartRow part, boolean customers)
            throws IOException {
        var at = new RowReader("p", key);
        at.raw(17);
        int number = at.u16();
        PartRecord record =
                PartRecord.decode(uploadKey.openPart(number, part.blob().bytes(), part.sealed()));
        if (customers) {
            Arrays.fill(record.key(), (byte) 0);
            return;
        }
        var binding = new StreamBinding(domain, upload.bytes(), number);
        try (ContentKey partKey = ContentKey.of(record.key());
                BlobStore.BlobReader blob = ground.blobs().open(part.blob())) {
            byte[] streamKey = partKey.streamKey(binding);
            var stream = new FloeStream(FloeParameters.STANDARD, part.size());
            FloeRangeReader.Source source = (position, target, offset, count) -> {
                if (blob.read(position, target, offset, count) < count) {
                    throw new EOFException("its blob is shorter than its size says");
                }
            };
            try (var reader = new FloeRangeReader(stream, stream.whole(), streamKey, binding.aad(), source)) {
                while (reader.next()) {
                    meter.read(reader.length());
                }
                reader.wipePiece();
            } finally {
                Arrays.fill(streamKey, (byte) 0);
            }
        } catch (NoSuchFileException missing) {
            throw new IOException("the blob " + part.blob() + " of part " + number + " is missing", missing);
        } finally {
            Arrays.fill(record.key(), (byte) 0);
        }
    }

    /** Reads the way from the root down to a slot below the page, past every cache. */
    private Finding page(byte[] key) {
        var at = new RowReader("k", key);
        at.u8();
        int domain = at.u32();
        int level = at.u8();
        long index = at.u64();
        ground.secrets().admit(domain);
        ground.secrets().reread(domain, index << (6 * (level + 1)));
        return Finding.WHOLE;
    }

    private Optional<byte[]> periodKey(int domain, EventClass kind, long day) {
        ground.secrets().admit(domain);
        byte[] row = ground.map().get(MapKey.period(domain, kind, day));
        return row == null ? Optional.empty() : Optional.ofNullable(periods.forReading(domain, kind, day, row));
    }

    private Optional<String> origin(int log) {
        byte[] row = ground.map().get(MapKey.log(log));
        return row == null ? Optional.empty() : Optional.of(LogRow.decode(row).origin());
    }

    private Finding events(byte[] key, byte[] value) {
        var at = new RowReader("e", key);
        at.u8();
        int domain = at.u32();
        EventClass kind = at.code(EventClass::of);
        Optional<String> origin = origin(at.u16());
        var row = new RowReader("e", value).format(1);
        int dictionary = row.u8();
        Optional<byte[]> period = periodKey(domain, kind, Integer.toUnsignedLong(row.u32()));
        byte[] box = row.raw(value.length - 6);
        if (period.isEmpty() || origin.isEmpty()) {
            return Finding.UNCHECKED;
        }
        EventBlock.decode(dictionary, SecretBox.EVENTS.open(period.get(), RowWriter.place(origin.get(), key), box));
        return Finding.WHOLE;
    }

    /** A batch says all by its form, and its items hang together by their root. */
    private Finding receipt(byte[] key, byte[] value) {
        var at = new RowReader("r", key);
        at.u8();
        int domain = at.u32();
        long generation = at.u64();
        if (at.u32() == 0) {
            return Finding.WHOLE;
        }
        byte[] batch = ground.map().get(MapKey.receiptBatch(domain, generation));
        Optional<String> origin = Optional.ofNullable(batch)
                .flatMap(row -> BatchRow.decode(row).done())
                .flatMap(done -> origin(done.log()));
        var row = new RowReader("r", value).format(1);
        Optional<byte[]> period = periodKey(domain, EventClass.EVIDENCE, Integer.toUnsignedLong(row.u32()));
        row.raw(32);
        byte[] box = row.raw(value.length - 37);
        if (period.isEmpty() || origin.isEmpty()) {
            return Finding.UNCHECKED;
        }
        byte[] item = SecretBox.ITEM.open(period.get(), RowWriter.place(origin.get(), key), box);
        allod.receipt.ReceiptItem.parse(item);
        return Finding.WHOLE;
    }

    private Finding accessKey(byte[] key, AccessKeyRow row) {
        if (!row.enabled()) {
            return Finding.WHOLE;
        }
        Optional<byte[]> secret = ground.secrets().secret(Domains.SYSTEM, row.slot());
        if (secret.isEmpty()) {
            return Finding.KEY_MISSING;
        }
        Arrays.fill(SecretBox.SECRET.open(secret.get(), key, row.sealedSecret()), (byte) 0);
        return Finding.WHOLE;
    }

    private Finding signer(byte[] key, LogRow row) {
        if (!row.isClosed()) {
            var at = new RowReader("L", key);
            at.u8();
            LogKey.open(ground, at.u16(), row);
        }
        return Finding.WHOLE;
    }
}
