package allod.store;

import allod.base.Problem;
import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.keys.EtagMask;
import allod.keys.FloeHash;
import allod.keys.StreamBinding;
import allod.store.engine.BlobName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The one write path: content is sealed as it comes in, is durable, and becomes visible in one commit with its event. */
final class Writes {
    private final Ground ground;
    private final Buckets buckets;
    private final VersionCommits commits;
    private final AbandonedWrites abandoned;

    Writes(Ground ground, Buckets buckets, VersionCommits commits, AbandonedWrites abandoned) {
        this.ground = ground;
        this.buckets = buckets;
        this.commits = commits;
        this.abandoned = abandoned;
    }

    ObjectWriter write(Caller caller, BucketName name, ObjectKey key, Optional<CustomerKey> customerKey)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "object.put");
        ground.space().require(0);
        long slot = ground.reservations().take(bucket.domain(), bucket.id());
        boolean ready = false;
        try {
            var writer = new Writer(caller, name, bucket, key, slot, customerKey);
            ready = true;
            return writer;
        } finally {
            if (!ready) {
                abandoned.giveUp(bucket, name, key, slot, caller.requestId(), List.of());
            }
        }
    }

    private final class Writer implements ObjectWriter {
        private final Caller caller;
        private final BucketName name;
        private final BucketRow bucket;
        private final ObjectKey key;
        private final long slot;
        private final byte[] slotSecret;
        private final byte[] objectId = new byte[16];
        private final Envelope envelope;
        private final ContentKey contentKey;
        private final ContentSealer content;
        private final byte[] customerCheck;
        private List<BlobName> stored = List.of();
        private boolean committed;
        private boolean closed;

        Writer(
                Caller caller,
                BucketName name,
                BucketRow bucket,
                ObjectKey key,
                long slot,
                Optional<CustomerKey> customerKey) {
            this.caller = caller;
            this.name = name;
            this.bucket = bucket;
            this.key = key;
            this.slot = slot;
            this.slotSecret = ground.secrets().secret(bucket.domain(), slot).orElseThrow(Refusals::noSuchKey);
            ground.random().nextBytes(objectId);
            byte[] domain = ground.secrets().domainId(bucket.domain());
            var sealed = Envelope.seal(
                    slotSecret,
                    Envelope.NO_ACCESS_SECRET,
                    new EnvelopeBinding(domain, bucket.id(), objectId),
                    ground.random());
            this.envelope = sealed.envelope();
            this.contentKey = sealed.contentKey();
            this.content = new ContentSealer(
                    contentKey,
                    new StreamBinding(domain, objectId, 1),
                    CustomerKeys.secret(customerKey),
                    ContentSealer.INLINE_BYTES,
                    ground);
            this.customerCheck = CustomerKeys.check(customerKey, objectId);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            content.write(bytes, offset, length);
        }

        @Override
        public PutAnswer commit(PutTerms terms) throws IOException {
            checkMetadata(terms.metadata());
            ContentSealer.Stream stream = content.finish();
            stored = stream.blob().map(List::of).orElse(List.of());
            ETag etag = etag(terms);
            var description = new Description(stream.size(), etag, terms.checksum(), terms.metadata(), customerCheck);
            byte[] sealedDescription = contentKey.sealMetadata(objectId, description.encode(), ground.random());
            var row = new SlotRow(
                    SlotKind.VERSION,
                    new SlotRow.Owner(bucket.id(), key.bytes(), 0),
                    objectId,
                    envelope.wrappedKey(),
                    envelope.commitment(),
                    List.of(),
                    FloeHash.ofObject(List.of(stream.headerHash())),
                    sealedDescription,
                    stream.inline(),
                    stored,
                    false,
                    new byte[0]);
            byte[] masked = EtagMask.apply(slotSecret, etag.md5());
            var version = new NewVersion(name, bucket, key, slot, masked, row, description, contentKey, terms.lock());
            EventBody event = terms.copiedFrom()
                    .map(source -> EventBody.of("object.copy", caller)
                            .text("from_bucket", source.bucket().value())
                            .text("from_key", source.key().toString()))
                    .orElseGet(() -> EventBody.of("object.put", caller));
            PutAnswer answer = commits.commit(version, terms.condition(), caller, event, transaction -> {});
            committed = true;
            ground.reservations().settled(bucket.domain(), bucket.id(), slot);
            return answer;
        }

        /** Where the customer brings a key the tag is random, as S3's is: an MD5 would tell of the content without it. */
        private ETag etag(PutTerms terms) {
            if (customerCheck.length == 0) {
                return terms.etag();
            }
            byte[] drawn = new byte[16];
            ground.random().nextBytes(drawn);
            return new ETag(drawn, 0);
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            content.close();
            contentKey.close();
            if (!committed) {
                try {
                    abandoned.giveUp(bucket, name, key, slot, caller.requestId(), stored);
                } catch (IOException | Problem stopping) {
                    // The reservation's row stays open, so the next start erases the slot.
                    ground.log().debug("a failed upload's slot waits for the next start");
                }
            }
        }
    }

    static void checkMetadata(ObjectMetadata metadata) {
        int bytes = metadata.user().entrySet().stream()
                .mapToInt(entry -> entry.getKey().length()
                        + entry.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > ObjectMetadata.MAX_USER_BYTES) {
            throw Refusals.metadataTooLarge(bytes);
        }
    }
}
