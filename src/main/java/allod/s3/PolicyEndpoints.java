package allod.s3;

import allod.base.Principal;
import allod.base.TenantId;
import allod.policy.MalformedPolicyException;
import allod.policy.Policy;
import allod.policy.Who;
import allod.store.BucketName;
import allod.store.ConfigurationKind;
import allod.store.DecisionFacts.BucketFacts;
import allod.store.NamedIdentity;
import allod.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** A bucket's policy, its public access block and its ownership controls. */
final class PolicyEndpoints {
    private static final int MAX_DOCUMENT = 64 << 10;

    private final ObjectStore store;
    private final Gate gate;
    private final Directory directory;
    private final Buffers buffers;

    PolicyEndpoints(ObjectStore store, Gate gate, Directory directory, Buffers buffers) {
        this.store = store;
        this.gate = gate;
        this.directory = directory;
        this.buffers = buffers;
    }

    void get(S3Request request, BucketName bucket) throws IOException {
        byte[] policy = store.configuration(request.caller(), bucket, ConfigurationKind.POLICY)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_BUCKET_POLICY,
                        "The bucket policy does not exist. None was put, or it was deleted. Put one.",
                        new S3Refusal.Detail("BucketName", bucket.value())));
        request.exchange()
                .respond(
                        200,
                        Answers.headers(request)
                                .add("Content-Type", "application/json")
                                .build(),
                        policy);
    }

    void put(S3Request request, BucketName bucket) throws IOException {
        byte[] document = RequestContent.document(request, buffers, MAX_DOCUMENT, false);
        Policy policy = policy(document, bucket);
        boolean blocked = policy.isPublic()
                && store.facts()
                        .bucket(bucket)
                        .filter(found -> gate.access().block(found).blockPolicy())
                        .isPresent();
        if (blocked) {
            throw new S3Refusal(
                    S3Error.ACCESS_DENIED,
                    "Access Denied. The policy is public, and the bucket's public access block refuses such a policy. Narrow"
                            + " the policy, or change the block.");
        }
        store.putConfiguration(request.caller(), bucket, ConfigurationKind.POLICY, document);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }

    private Policy policy(byte[] document, BucketName bucket) {
        try {
            Policy policy = Policy.parse(Policy.Kind.BUCKET, document);
            policy.requireOf(bucket.value());
            for (String account : policy.accounts()) {
                if (!exists(account)) {
                    throw malformed("Invalid principal in policy: there is no account " + account + ".");
                }
            }
            for (Who named : policy.principals()) {
                if (!exists(named)) {
                    throw malformed("Invalid principal in policy: there is no " + named.sessionArn() + ".");
                }
            }
            return policy;
        } catch (MalformedPolicyException e) {
            throw malformed(e.why());
        }
    }

    private boolean exists(String account) {
        long number = Long.parseLong(account);
        return number > 0
                && number <= Integer.MAX_VALUE
                && directory.name(new TenantId((int) number)).isPresent();
    }

    private boolean exists(Who named) {
        return NamedIdentity.isValidName(named.name())
                && (named.session().isEmpty() || NamedIdentity.isValidName(named.session()))
                && directory.exists(new TenantId(named.tenant()), new Principal(named.principal()));
    }

    private static S3Refusal malformed(String why) {
        return new S3Refusal(S3Error.MALFORMED_POLICY, why + " Correct it; docs/access.md has what there is.");
    }

    void delete(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.POLICY);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }

    void status(S3Request request, BucketName bucket) throws IOException {
        store.bucket(request.caller(), bucket, "bucket.policy.status");
        Optional<BucketFacts> facts = store.facts().bucket(bucket);
        boolean open = facts.isPresent() && isPublic(facts.get());
        Answers.xml(
                request.exchange(),
                Answers.headers(request),
                XmlWriter.document("PolicyStatus").element("IsPublic", open));
    }

    private boolean isPublic(BucketFacts bucket) {
        AccessBlock block = gate.access().block(bucket);
        return !block.restrictBuckets()
                && gate.access().policy(bucket).filter(Policy::isPublic).isPresent();
    }

    void getBlock(S3Request request, BucketName bucket) throws IOException {
        byte[] block = store.configuration(request.caller(), bucket, ConfigurationKind.PUBLIC_ACCESS_BLOCK)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK,
                        "The public access block configuration was not found. None was put. Put one.",
                        new S3Refusal.Detail("BucketName", bucket.value())));
        Answers.document(request, block);
    }

    void putBlock(S3Request request, BucketName bucket) throws IOException {
        AccessBlock block = AccessBlock.parse(RequestContent.document(request, buffers, MAX_DOCUMENT, false));
        store.putConfiguration(
                request.caller(),
                bucket,
                ConfigurationKind.PUBLIC_ACCESS_BLOCK,
                block.document().toBytes());
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    void deleteBlock(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.PUBLIC_ACCESS_BLOCK);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }

    void getOwnership(S3Request request, BucketName bucket) throws IOException {
        byte[] controls = store.configuration(request.caller(), bucket, ConfigurationKind.OWNERSHIP)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.OWNERSHIP_CONTROLS_NOT_FOUND,
                        "The bucket ownership controls were not found. They were deleted. Put some.",
                        new S3Refusal.Detail("BucketName", bucket.value())));
        Answers.document(request, controls);
    }

    void putOwnership(S3Request request, BucketName bucket) throws IOException {
        Ownership ownership = Ownership.parse(RequestContent.document(request, buffers, MAX_DOCUMENT, false));
        if (ownership != Ownership.BUCKET_OWNER_ENFORCED) {
            throw S3Refusal.unserved("ObjectOwnership " + ownership.spelled());
        }
        store.putConfiguration(
                request.caller(),
                bucket,
                ConfigurationKind.OWNERSHIP,
                ownership.document().toBytes());
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    void deleteOwnership(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.OWNERSHIP);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }
}
