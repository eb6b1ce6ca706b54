package allod.s3;

import allod.base.Principal;
import allod.base.TenantId;
import allod.policy.Evaluation;
import allod.policy.Policy;
import allod.policy.Who;
import allod.store.DecisionFacts;
import allod.store.DecisionFacts.BucketFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Puts together what a request is decided by, as it stands now. Safe for use by many threads. */
final class Decisions {
    /** Sessions' policies kept as read. */
    static final int LIMIT = 1000;

    private final Directory directory;
    private final BucketAccess access;
    private final Map<String, Policy> sessions = new ConcurrentHashMap<>();

    Decisions(DecisionFacts facts, Directory directory) {
        this.directory = directory;
        this.access = new BucketAccess(facts);
    }

    BucketAccess access() {
        return access;
    }

    /** The policies of who asks. */
    List<Evaluation.Named> identity(Who who) {
        return who.kind() == Who.Kind.USER || who.kind() == Who.Kind.ROLE
                ? directory.policies(new TenantId(who.tenant()), new Principal(who.principal()))
                : List.of();
    }

    /** @param bucket what is asked about; empty for the service itself */
    Evaluation evaluation(Who who, Optional<BucketFacts> bucket, Optional<Policy> session) {
        List<Evaluation.Named> identity = identity(who);
        if (bucket.isEmpty()) {
            return new Evaluation("", Optional.empty(), true, identity, session, Optional::empty);
        }
        Optional<Policy> policy = access.policy(bucket.get());
        boolean outsiders = policy.isEmpty()
                || !access.block(bucket.get()).restrictBuckets()
                || !policy.get().isPublic();
        String owner = Who.account(bucket.get().owner().value());
        return new Evaluation(owner, policy, outsiders, identity, session, Optional::empty);
    }

    /** The policy that narrows a session, read once. */
    Optional<Policy> session(String json) {
        if (json.isEmpty()) {
            return Optional.empty();
        }
        Policy known = sessions.get(json);
        if (known == null) {
            known = Policy.parse(Policy.Kind.SESSION, json.getBytes(StandardCharsets.UTF_8));
            if (sessions.size() >= LIMIT) {
                sessions.clear();
            }
            sessions.put(json, known);
        }
        return Optional.of(known);
    }
}
