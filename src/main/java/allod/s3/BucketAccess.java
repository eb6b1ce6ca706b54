package allod.s3;

import allod.policy.Policy;
import allod.store.ConfigurationKind;
import allod.store.DecisionFacts;
import allod.store.DecisionFacts.BucketFacts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a bucket's documents say of who may reach it, read once and kept until another document is put. */
final class BucketAccess {
    /** Documents kept as read. */
    static final int LIMIT = 10_000;

    private final DecisionFacts facts;
    private final Map<Long, Read<Policy>> policies = new ConcurrentHashMap<>();
    private final Map<Long, Read<AccessBlock>> blocks = new ConcurrentHashMap<>();
    private final Map<Long, Read<Ownership>> ownerships = new ConcurrentHashMap<>();

    /** A document and what it says. */
    private record Read<T>(byte[] document, T meaning) {}

    @FunctionalInterface
    private interface Parser<T> {
        T parse(byte[] document);
    }

    BucketAccess(DecisionFacts facts) {
        this.facts = facts;
    }

    @SuppressWarnings("ReferenceEquality") // the store gives the same array until another is put
    private <T> Optional<T> read(
            Map<Long, Read<T>> kept, BucketFacts bucket, ConfigurationKind kind, Parser<T> parser) {
        Optional<byte[]> document = facts.configuration(bucket.id(), kind);
        if (document.isEmpty()) {
            return Optional.empty();
        }
        Read<T> found = kept.get(bucket.id());
        if (found == null || found.document() != document.get()) {
            if (kept.size() >= LIMIT) {
                kept.clear();
            }
            found = new Read<>(document.get(), parser.parse(document.get()));
            kept.put(bucket.id(), found);
        }
        return Optional.of(found.meaning());
    }

    Optional<Policy> policy(BucketFacts bucket) {
        return read(policies, bucket, ConfigurationKind.POLICY, document -> Policy.parse(Policy.Kind.BUCKET, document));
    }

    AccessBlock block(BucketFacts bucket) {
        return read(blocks, bucket, ConfigurationKind.PUBLIC_ACCESS_BLOCK, AccessBlock::parse)
                .orElse(AccessBlock.NONE);
    }

    /** A bucket whose controls were deleted is as S3's were before there were any. */
    Ownership ownership(BucketFacts bucket) {
        return read(ownerships, bucket, ConfigurationKind.OWNERSHIP, Ownership::parse)
                .orElse(Ownership.OBJECT_WRITER);
    }
}
