package allod.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides a request: an explicit deny wins, then something must allow, and nothing allowed is denied.
 *
 * @param owner the account that owns the resource; empty for a request about no resource, which is the caller's own
 * @param resource the policy of the resource
 * @param outsiders whether the resource's policy may let anybody outside the owner's account
 * @param identity the policies of who asks: its own and its groups'; those of a root are not asked
 * @param session the policy that a session was narrowed with
 * @param acl what an access list grants, asked last; the answer says which grant
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">How AWS
 *     decides</a>
 */
public record Evaluation(
        String owner,
        Optional<Policy> resource,
        boolean outsiders,
        List<Named> identity,
        Optional<Policy> session,
        Supplier<Optional<String>> acl) {

    /** What a policy of a bucket can never keep its owner's root from: else one mistake would lock it for ever. */
    private static final Set<String> NEVER_LOCKED =
            Set.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy");

    /** What a bucket's policy can give nobody outside its owner's account: who has these has the bucket. */
    private static final Set<String> OWNERS_ALONE = Set.of(
            "s3:GetBucketPolicy",
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketOwnershipControls");

    /** Why one of them was denied to a principal of another account whom the policy lets. */
    public static final String NOT_FOR_OUTSIDERS =
            "only the account that owns the bucket may, whatever its policy says";

    /** What is denied because deciding takes more effort than the request has. */
    static final Decision TOO_MUCH_WORK = new Decision(false, true, "the policies take too much work to decide by");

    static final String BUCKETS = "the bucket's policy";

    static final String SESSIONS = "the session's policy";

    /** A policy with the name by which a reason tells of it. */
    public record Named(String name, Policy policy) {}

    /** Whose words a reason is in: those of a policy of the resource's owner, of who asks, or of neither. */
    public enum Words {
        OWNERS,
        ASKERS,
        NEITHERS
    }

    /**
     * A decision.
     *
     * @param explicit whether a statement denies, and not only none allows
     * @param why the statement or rule that decided, as a phrase
     */
    public record Decision(boolean allowed, boolean explicit, String why, Words words) {
        Decision(boolean allowed, boolean explicit, String why) {
            this(allowed, explicit, why, Words.NEITHERS);
        }

        static Decision denied(String statement, Words words) {
            return new Decision(false, true, "denied by " + statement, words);
        }

        /** Why, as the resource's owner may read it where who asks is of another account, whose policies are its own. */
        public String whyToOwner() {
            return words == Words.ASKERS ? "not allowed by the caller's account" : why;
        }

        /** Why, as the account of who asks may read it where the resource is another's. */
        public String whyToAsker() {
            return words == Words.OWNERS ? "not allowed by the account that is asked" : why;
        }
    }

    /**
     * A statement that speaks of a request.
     *
     * @param policy which policy it stands in, as reasons tell it
     * @param statement its Sid or its place
     */
    public record Applied(String policy, String statement, boolean allows) {}

    /**
     * Every statement that speaks of a request, whether it decided or not: of the bucket, the principal, the session. None
     * where finding them takes more effort than the request has.
     */
    public List<Applied> applied(Request request) {
        try {
            return speaking(request);
        } catch (Effort.SpentException spent) {
            return List.of();
        }
    }

    private List<Applied> speaking(Request request) {
        var applied = new ArrayList<Applied>();
        resource.ifPresent(policy -> add(applied, BUCKETS, policy.speaking(request, true)));
        identity.forEach(named -> add(applied, named.name(), named.policy().speaking(request, false)));
        session.ifPresent(policy -> add(applied, SESSIONS, policy.speaking(request, false)));
        return List.copyOf(applied);
    }

    private static void add(List<Applied> applied, String policy, List<Statement> statements) {
        statements.forEach(statement -> applied.add(new Applied(policy, statement.sid(), statement.allows())));
    }

    /** Decides; what takes more effort than the request has is denied. */
    public Decision decide(Request request) {
        try {
            return decided(request);
        } catch (Effort.SpentException spent) {
            return TOO_MUCH_WORK;
        }
    }

    private Decision decided(Request request) {
        Optional<Decision> denied = denied(request);
        if (denied.isPresent()) {
            return denied.get();
        }
        Optional<String> allowed = allowed(request);
        if (allowed.isEmpty()) {
            return new Decision(false, false, "no statement allows " + request.action());
        }
        if (session.isPresent() && session.get().allows(request, false).isEmpty()) {
            return new Decision(false, false, SESSIONS + " does not allow " + request.action(), Words.ASKERS);
        }
        if (!owner.isEmpty() && !request.who().account().equals(owner) && OWNERS_ALONE.contains(request.action())) {
            return new Decision(false, true, NOT_FOR_OUTSIDERS);
        }
        return new Decision(true, false, "allowed by " + allowed.get());
    }

    private Optional<Decision> denied(Request request) {
        boolean sovereign = isOwnersRoot(request.who()) && NEVER_LOCKED.contains(request.action());
        if (resource.isPresent() && !sovereign) {
            Optional<Statement> statement = resource.get().denies(request, true);
            if (statement.isPresent()) {
                return Optional.of(Decision.denied(ofResource(statement.get()), Words.OWNERS));
            }
        }
        for (Named policy : identity) {
            Optional<Statement> statement = policy.policy().denies(request, false);
            if (statement.isPresent()) {
                return Optional.of(Decision.denied(ofIdentity(policy, statement.get()), Words.ASKERS));
            }
        }
        return session.flatMap(policy -> policy.denies(request, false))
                .map(statement -> Decision.denied("statement " + statement.sid() + " of " + SESSIONS, Words.ASKERS));
    }

    private boolean isOwnersRoot(Who who) {
        return who.kind() == Who.Kind.ROOT && (owner.isEmpty() || who.account().equals(owner));
    }

    private static String ofResource(Statement statement) {
        return "statement " + statement.sid() + " of " + BUCKETS;
    }

    private static String ofIdentity(Named policy, Statement statement) {
        return "statement " + statement.sid() + " of " + policy.name();
    }

    private Optional<String> allowed(Request request) {
        Who who = request.who();
        Optional<String> own = ofIdentity(request);
        boolean within = owner.isEmpty() || who.account().equals(owner);
        if (within && own.isPresent()) {
            return own;
        }
        // Outside its account a principal needs both: leave of its own account and of the resource's.
        if (!within && own.isEmpty() && who.kind() != Who.Kind.ANONYMOUS) {
            return Optional.empty();
        }
        Optional<String> ofResource = ofResource(request, within);
        return ofResource.isPresent() ? ofResource : acl.get();
    }

    private Optional<String> ofIdentity(Request request) {
        if (request.who().kind() == Who.Kind.ROOT) {
            return Optional.of("the root of account " + request.who().account());
        }
        for (Named policy : identity) {
            Optional<Statement> statement = policy.policy().allows(request, false);
            if (statement.isPresent()) {
                return Optional.of(ofIdentity(policy, statement.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> ofResource(Request request, boolean within) {
        if (resource.isEmpty() || (!within && !outsiders)) {
            return Optional.empty();
        }
        // Within the account, a statement that names only the account leaves it to the account's own policies.
        return resource.get().allowing(request).stream()
                .filter(statement -> !within || request.who().isNamedBy(statement.principals()))
                .findFirst()
                .map(Evaluation::ofResource);
    }
}
