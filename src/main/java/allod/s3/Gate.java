package allod.s3;

import allod.http.Authentication;
import allod.policy.Effort;
import allod.policy.Evaluation;
import allod.policy.Policy;
import allod.policy.Request;
import allod.policy.Who;
import allod.store.BucketName;
import allod.store.Caller;
import allod.store.DecisionFacts.BucketFacts;
import allod.store.DecisionFacts.ObjectFacts;
import allod.store.ObjectKey;
import allod.store.ObjectStore;
import allod.store.RefusedAction;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * May they: the one place that asks, between who a request comes from and the store. What it allows is written into the
 * caller, and the store lets nobody but the owner itself reach a bucket without it.
 */
final class Gate {
    private final ObjectStore store;
    private final Decisions decisions;
    private final InstantSource clock;

    Gate(ObjectStore store, Directory directory, InstantSource clock) {
        this.store = store;
        this.decisions = new Decisions(store.facts(), directory);
        this.clock = clock;
    }

    BucketAccess access() {
        return decisions.access();
    }

    /** Who a request comes from, in the words of policies. */
    static Who who(Authentication authentication) {
        return switch (authentication) {
            case Authentication.Anonymous anonymous -> Who.ANONYMOUS;
            case Authentication.Signed signed ->
                Who.of(
                        signed.identity().tenant().value(),
                        signed.identity().principal().name());
        };
    }

    /**
     * Asks for all that an operation needs.
     *
     * @return the caller with what was allowed; a bucket that does not exist is left to the store to say so
     * @throws S3Refusal ACCESS_DENIED
     */
    Caller admit(Endpoint endpoint, S3Request request) throws IOException {
        return admit(request, Permissions.of(endpoint, request));
    }

    private Caller admit(S3Request request, List<Needed> all) throws IOException {
        Set<Long> buckets = new HashSet<>(4);
        boolean service = false;
        Set<BucketName> strange = new HashSet<>(2);
        for (Needed needed : all) {
            Optional<BucketFacts> bucket = needed.bucket().flatMap(request::bucket);
            if (needed.bucket().isPresent() && bucket.isEmpty()) {
                continue;
            }
            Evaluation.Decision decision = decide(request, needed, bucket);
            if (!decision.allowed()) {
                throw refuse(request, needed, decision);
            }
            bucket.ifPresent(found -> buckets.add(found.id()));
            service |= bucket.isEmpty();
            bucket.filter(found -> isStrange(found, request)).ifPresent(found -> strange.add(found.name()));
        }
        return request.caller().admitted(new Caller.Admission(buckets, service, strange));
    }

    private static boolean isStrange(BucketFacts bucket, S3Request request) {
        return !bucket.owner().equals(request.caller().tenant());
    }

    /** Whether one thing more is allowed; nothing is recorded. */
    boolean may(S3Request request, Needed needed) {
        Optional<BucketFacts> bucket = needed.bucket().flatMap(request::bucket);
        return (needed.bucket().isPresent() && bucket.isEmpty())
                || decide(request, needed, bucket).allowed();
    }

    /** @throws S3Refusal ACCESS_DENIED if one thing more is not allowed; recorded */
    void require(S3Request request, Needed needed) throws IOException {
        if (!allows(request, needed)) {
            throw denied(request, needed);
        }
    }

    /** Asks for one thing more; a refusal is recorded and not thrown. */
    private boolean allows(S3Request request, Needed needed) throws IOException {
        Optional<BucketFacts> bucket = needed.bucket().flatMap(request::bucket);
        if (needed.bucket().isPresent() && bucket.isEmpty()) {
            return true;
        }
        Evaluation.Decision decision = decide(request, needed, bucket);
        if (!decision.allowed()) {
            record(request, needed, decision);
        }
        return decision.allowed();
    }

    /** Which of many things in one bucket are allowed, with one bound on the work of all; nothing is recorded. */
    List<Boolean> mayEach(S3Request request, BucketName name, List<Needed> all) {
        Optional<BucketFacts> bucket = request.bucket(name);
        Effort effort = Effort.of(Math.max(1, all.size()));
        return all.stream()
                .map(needed -> bucket.isEmpty()
                        || decide(request, needed, bucket, effort).allowed())
                .toList();
    }

    /**
     * Asks for many things in one bucket, such as the keys of a document: with one bound on the work of all, and one commit
     * for all refusals.
     *
     * @param all what each needs, all of it
     */
    Decided decideEach(S3Request request, BucketName name, List<List<Needed>> all) throws IOException {
        Optional<BucketFacts> bucket = request.bucket(name);
        var answers = new ArrayList<Optional<S3Refusal>>(all.size());
        var refused = new ArrayList<RefusedAction>();
        Effort effort = Effort.of(Math.max(1, all.size()));
        for (List<Needed> one : all) {
            Optional<S3Refusal> answer = Optional.empty();
            for (Needed needed : bucket.isEmpty() ? List.<Needed>of() : one) {
                Evaluation.Decision decision = decide(request, needed, bucket, effort);
                if (!decision.allowed()) {
                    refused.add(refused(needed, decision));
                    answer = Optional.of(denied(request, needed));
                    break;
                }
            }
            answers.add(answer);
        }
        if (!refused.isEmpty() && request.authentication() instanceof Authentication.Signed) {
            store.refused(request.caller(), name, refused);
        }
        return new Decided(
                bucket.map(found -> admitted(request, found)).orElse(request.caller()), List.copyOf(answers));
    }

    /**
     * What was decided of many things.
     *
     * @param caller admitted to the very bucket that was decided on; if that went, or is another by now, to nothing
     * @param refusals of each the refusal, or nothing
     */
    record Decided(Caller caller, List<Optional<S3Refusal>> refusals) {}

    private static Caller admitted(S3Request request, BucketFacts bucket) {
        Set<BucketName> strange = isStrange(bucket, request) ? Set.of(bucket.name()) : Set.of();
        return request.caller().admitted(new Caller.Admission(Set.of(bucket.id()), false, strange));
    }

    /** Whose a bucket is; looked up once a request, so that all of it is decided about the same bucket. */
    Optional<BucketFacts> bucket(BucketName name) {
        return store.facts().bucket(name);
    }

    Evaluation.Decision decide(S3Request request, Needed needed, Optional<BucketFacts> bucket) {
        return decide(request, needed, bucket, Effort.of(1));
    }

    private Evaluation.Decision decide(S3Request request, Needed needed, Optional<BucketFacts> bucket, Effort effort) {
        Who who = who(request.authentication());
        Instant now = clock.instant();
        Supplier<Optional<ObjectFacts>> object = object(needed, bucket);
        var asked = new Request(
                who,
                needed.action(),
                needed.arn(),
                new RequestFacts(request, who, now, needed.version(), object),
                effort);
        return decisions
                .evaluation(who, bucket, session(request.authentication()))
                .decide(asked);
    }

    /** What is said of the object that stands there; opened once, and only if something asks for it. */
    private Supplier<Optional<ObjectFacts>> object(Needed needed, Optional<BucketFacts> bucket) {
        if (bucket.isEmpty() || !needed.existing()) {
            return Optional::empty;
        }
        BucketName name = bucket.get().name();
        ObjectKey key = needed.key().orElseThrow();
        return new Once<>(() -> store.facts().object(name, key, needed.version()));
    }

    /** A value found when it is first asked for; of one thread. */
    private static final class Once<T> implements Supplier<Optional<T>> {
        private final Supplier<Optional<T>> source;
        private final List<Optional<T>> found = new ArrayList<>(1);

        Once(Supplier<Optional<T>> source) {
            this.source = source;
        }

        @Override
        public Optional<T> get() {
            if (found.isEmpty()) {
                found.add(source.get());
            }
            return found.get(0);
        }
    }

    private Optional<Policy> session(Authentication authentication) {
        return authentication instanceof Authentication.Signed signed
                ? signed.identity().session().flatMap(session -> decisions.session(session.policy()))
                : Optional.empty();
    }

    private S3Refusal refuse(S3Request request, Needed needed, Evaluation.Decision decision) throws IOException {
        record(request, needed, decision);
        return decision.why().equals(Evaluation.NOT_FOR_OUTSIDERS) ? notAllowed(request) : denied(request, needed);
    }

    /** What S3 answers where the policy lets, and who asks is of another account. */
    private static S3Refusal notAllowed(S3Request request) {
        return new S3Refusal(
                S3Error.METHOD_NOT_ALLOWED,
                "The specified method is not allowed against this resource. Only the account that owns the bucket may,"
                        + " whatever its policy says. Ask the owner to do it.",
                new S3Refusal.Detail("Method", request.exchange().method()),
                new S3Refusal.Detail("ResourceType", "BUCKETPOLICY"));
    }

    /** The refusal of one thing, as it is told. */
    static S3Refusal denied(S3Request request, Needed needed) {
        if (request.authentication() instanceof Authentication.Anonymous) {
            return new S3Refusal(
                    S3Error.ACCESS_DENIED,
                    "Access Denied. The request is not signed, and this is not open to everybody. Sign it with an access"
                            + " key.");
        }
        return new S3Refusal(
                S3Error.ACCESS_DENIED,
                "Access Denied. " + needed.action() + " on " + needed.arn() + " is not allowed to "
                        + who(request.authentication()).sessionArn() + ". Ask the owner for a policy that allows it.");
    }

    /** A stranger who does not sign could fill the log with refusals; those of known principals are the owner's to read. */
    private void record(S3Request request, Needed needed, Evaluation.Decision decision) throws IOException {
        if (!(request.authentication() instanceof Authentication.Signed)) {
            return;
        }
        RefusedAction refused = refused(needed, decision);
        if (needed.bucket().isPresent()) {
            store.refused(request.caller(), needed.bucket().get(), List.of(refused));
        } else {
            store.refused(request.caller(), refused);
        }
    }

    private static RefusedAction refused(Needed needed, Evaluation.Decision decision) {
        return new RefusedAction(needed.key(), needed.action(), decision.why(), decision.whyToOwner());
    }

    /** Whether a missing object may be told from one that may not be read, as only who may list can. */
    boolean mayList(S3Request request, BucketName bucket) {
        return may(request, Needed.of("s3:ListBucket", bucket));
    }
}
