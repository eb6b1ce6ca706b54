package allod.s3;

import allod.policy.Actions;
import allod.policy.AskedBy;
import allod.policy.ConditionKey;
import allod.policy.Context;
import allod.policy.Evaluation;
import allod.policy.Request;
import allod.policy.Who;
import allod.store.BucketName;
import allod.store.DecisionFacts;
import allod.store.DecisionFacts.BucketFacts;
import allod.store.DecisionFacts.ObjectFacts;
import allod.store.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says how a request would be decided, and by which statements: with the very policies and by the very rules that decide
 * requests, as they stand now.
 */
public final class PolicyCheck {
    private static final String ARN = "arn:aws:s3:::";
    private static final String EXISTING_TAG = "s3:existingobjecttag/";

    private final DecisionFacts facts;
    private final Decisions decisions;
    private final InstantSource clock;

    public PolicyCheck(DecisionFacts facts, Directory directory, InstantSource clock) {
        this.facts = facts;
        this.decisions = new Decisions(facts, directory);
        this.clock = clock;
    }

    /**
     * What is asked.
     *
     * @param action such as {@code s3:GetObject}, in any case
     * @param resource the ARN of a bucket or an object, or {@code *} for the service itself
     * @param conditions what the request would say, by condition key in any case; what is not named is absent, besides who
     *     and when, and the tags of an object that stands there
     */
    public record Question(Who who, String action, String resource, Map<String, List<String>> conditions) {}

    /**
     * How it would be decided.
     *
     * @param statements every statement that speaks of it, also those that did not decide
     */
    public record Explanation(Evaluation.Decision decision, List<Evaluation.Applied> statements) {
        public Explanation {
            statements = List.copyOf(statements);
        }
    }

    /** @throws IllegalArgumentException naming what of the question is not known */
    public Explanation explain(Question question) {
        String action = Actions.spelled(question.action())
                .filter(spelled -> spelled.startsWith("s3:"))
                .orElseThrow(() -> new IllegalArgumentException("there is no action " + question.action()));
        Optional<BucketName> name = bucket(question.resource());
        Optional<BucketFacts> bucket = name.flatMap(facts::bucket);
        boolean toBeMade = action.equals("s3:CreateBucket");
        if (name.isPresent() && bucket.isEmpty() && !toBeMade) {
            throw new IllegalArgumentException("there is no bucket " + name.get());
        }
        Evaluation evaluation =
                decisions.evaluation(question.who(), toBeMade ? Optional.empty() : bucket, Optional.empty());
        String resource = question.resource().equals("*") ? ARN + "*" : question.resource();
        Context context = context(question, bucket);
        return new Explanation(
                evaluation.decide(new Request(question.who(), action, resource, context)),
                evaluation.applied(new Request(question.who(), action, resource, context)));
    }

    private static Optional<BucketName> bucket(String resource) {
        if (resource.equals("*")) {
            return Optional.empty();
        }
        if (!resource.startsWith(ARN)) {
            throw new IllegalArgumentException("a resource is *, " + ARN + "BUCKET or " + ARN + "BUCKET/KEY");
        }
        String path = resource.substring(ARN.length());
        int slash = path.indexOf('/');
        return Optional.of(new BucketName(slash < 0 ? path : path.substring(0, slash)));
    }

    private Context context(Question question, Optional<BucketFacts> bucket) {
        Context known = asked(question.who(), question.conditions(), clock);
        return key -> key.startsWith(EXISTING_TAG) && known.of(key).isEmpty()
                ? tag(question.resource(), bucket, key.substring(EXISTING_TAG.length()))
                : known.of(key);
    }

    /**
     * What a question says under each key.
     *
     * @throws IllegalArgumentException for a condition key that is not known
     */
    public static Context asked(Who who, Map<String, List<String>> conditions, InstantSource clock) {
        conditions.keySet().forEach(key -> {
            if (!ConditionKey.isKnown(key)) {
                throw new IllegalArgumentException("there is no condition key " + key);
            }
        });
        var by = new AskedBy(who, clock.instant(), "", false);
        return key -> conditions.entrySet().stream()
                .filter(given -> ConditionKey.canonical(given.getKey()).equals(key))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> key.equals("aws:securetransport") ? List.of() : by.of(key));
    }

    private List<String> tag(String resource, Optional<BucketFacts> bucket, String tag) {
        int slash = resource.indexOf('/');
        if (bucket.isEmpty() || slash < 0 || slash + 1 == resource.length()) {
            return List.of();
        }
        var key = ObjectKey.of(resource.substring(slash + 1).getBytes(StandardCharsets.UTF_8));
        return facts.object(bucket.get().name(), key, Optional.empty())
                .map(ObjectFacts::tags)
                .map(tags -> tags.get(tag))
                .map(List::of)
                .orElse(List.of());
    }
}
