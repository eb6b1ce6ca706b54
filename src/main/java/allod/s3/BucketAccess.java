package allod.s3;

import allod.policy.MalformedPolicyException;
import allod.policy.Policy;
import allod.store.ConfigurationKind;
import allod.store.DecisionFacts;
import allod.store.DecisionFacts.BucketFacts;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a bucket's documents say of who may reach it, read once and kept until another document is put. */
final class BucketAccess {
    /** Documents kept as read. */
    static final int LIMIT = 10_000;

    /** Denies everything but what no policy keeps an owner's root from: to read, replace and delete the policy. */
    private static final Policy NOBODY = Policy.parse(Policy.Kind.BUCKET, """
            {"Statement": {"Sid": "not-understood", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                           "Resource": "arn:aws:s3:::*"}}""".getBytes(StandardCharsets.UTF_8));

    private final DecisionFacts facts;
    private final Map<Long, Read<Policy>> policies = new ConcurrentHashMap<>();
    private final Map<Long, Read<AccessBlock>> blocks = new ConcurrentHashMap<>();
    private final Map<Long, Read<Ownership>> ownerships = new ConcurrentHashMap<>();
    private final Map<Long, Read<Cors>> cors = new ConcurrentHashMap<>();

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
        return read(policies, bucket, ConfigurationKind.POLICY, BucketAccess::policy);
    }

    /** One that is not understood, as another version of this program may have taken it, keeps all but its owner away. */
    private static Policy policy(byte[] document) {
        try {
            return Policy.parse(Policy.Kind.BUCKET, document);
        } catch (MalformedPolicyException notUnderstood) {
            return NOBODY;
        }
    }

    /** Which scripts of other origins may ask. */
    Optional<Cors> cors(BucketFacts bucket) {
        return read(cors, bucket, ConfigurationKind.CORS, Cors::parse);
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
