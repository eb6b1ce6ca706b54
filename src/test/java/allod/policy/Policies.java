package allod.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Policies and requests in short, for the tests of this package. */
final class Policies {
    static final String OWNER = "000000000001";
    static final String OTHER = "000000000002";
    static final Who ALICE = Who.user(OWNER, "alice");

    private Policies() {}

    /** JSON with single quotes for double ones. */
    static Policy parse(Policy.Kind kind, String json) {
        return Policy.parse(kind, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static Policy bucket(String... statements) {
        return parse(Policy.Kind.BUCKET, document(statements));
    }

    static Policy identity(String... statements) {
        return parse(Policy.Kind.IDENTITY, document(statements));
    }

    private static String document(String... statements) {
        return "{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}";
    }

    /** A statement of a bucket's policy about everything in the bucket {@code b}. */
    static String statement(String effect, String principal, String action, String condition) {
        return "{'Effect':'" + effect + "','Principal':" + principal + ",'Action':'" + action
                + "','Resource':['arn:aws:s3:::b','arn:aws:s3:::b/*']"
                + (condition.isEmpty() ? "" : ",'Condition':" + condition) + "}";
    }

    static Context context(Map<String, List<String>> values) {
        return key -> values.getOrDefault(key, List.of());
    }

    /** A request that says this, for an action that has the keys: a GET where that is enough. */
    static Request get(Who who, Map<String, List<String>> values) {
        String action = Stream.of("s3:GetObject", "s3:ListBucket")
                .filter(one -> values.keySet().stream().allMatch(key -> ConditionKey.isOf(key, one)))
                .findFirst()
                .orElse("s3:PutObject");
        return new Request(who, action, Request.arn("b", "k"), context(values));
    }

    static Request get(Who who) {
        return get(who, Map.of());
    }

    static Evaluation of(Policy resource) {
        return of(resource, List.of());
    }

    static Evaluation of(Policy resource, List<Evaluation.Named> identity) {
        return new Evaluation(OWNER, Optional.of(resource), true, identity, Optional.empty(), Optional::empty);
    }

    static Evaluation.Named named(Policy policy) {
        return new Evaluation.Named("the policy 'test'", policy);
    }
}
