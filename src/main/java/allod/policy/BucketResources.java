package allod.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the resources of a bucket's policy must be. */
final class BucketResources {
    private BucketResources() {}

    private static String path(Glob resource) {
        return resource.text().substring(PolicyReader.S3_ARN.length());
    }

    /** Whether a pattern can name the bucket or something in it. */
    static boolean isOf(Glob resource, String bucket) {
        if (!resource.text().startsWith(PolicyReader.S3_ARN)) {
            return false;
        }
        String path = path(resource);
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        // A star in the name may stand for a slash, so all before it must begin the bucket's name.
        int star = name.indexOf('*');
        return star >= 0
                ? Glob.parse(name, false, true)
                                .resolve(key -> List.of())
                                .orElseThrow()
                                .matches(bucket, false)
                        || bucket.startsWith(name.substring(0, star))
                : Glob.parse(name, false, true)
                        .resolve(key -> List.of())
                        .orElseThrow()
                        .matches(bucket, false);
    }

    /** Each action must be one that can be done to one of the resources. */
    static void requireActions(Statement statement, String bucket) {
        if (statement.notActions() || statement.notResources()) {
            return;
        }
        boolean ofBucket = statement.resources().stream().anyMatch(resource -> namesBucket(resource));
        boolean ofObject = statement.resources().stream().anyMatch(resource -> namesObjects(resource));
        for (Glob action : statement.actions()) {
            List<Actions.Subject> subjects = Actions.subjects(action);
            boolean applies = (ofBucket && subjects.contains(Actions.Subject.BUCKET))
                    || (ofObject && subjects.contains(Actions.Subject.OBJECT));
            if (!applies) {
                throw new MalformedPolicyException("Action does not apply to any resource(s) in statement: "
                        + action.text() + " cannot be done to what the statement names in " + bucket + ".");
            }
        }
    }

    /**
     * Each action must have each key of the conditions, or none of what a wildcard stands for would: such a statement could
     * never hold, and what it was to deny would be allowed.
     */
    static void requireConditions(Statement statement) {
        var subjects = EnumSet.noneOf(Actions.Subject.class);
        if (statement.notResources() || statement.resources().stream().anyMatch(BucketResources::namesBucket)) {
            subjects.add(Actions.Subject.BUCKET);
        }
        if (statement.notResources() || statement.resources().stream().anyMatch(BucketResources::namesObjects)) {
            subjects.add(Actions.Subject.OBJECT);
        }
        List<Set<String>> does = statement.notActions()
                ? List.of(Actions.of(subjects)
                        .filter(action -> statement.matchesAction(action, Effort.ofOne()))
                        .collect(Collectors.toSet()))
                : statement.actions().stream()
                        .map(pattern -> matching(pattern, subjects))
                        .distinct()
                        .toList();
        var seen = new HashSet<Set<String>>();
        for (Condition condition : statement.conditions()) {
            Optional<Set<String>> having = ConditionKey.actions(condition.key());
            boolean fresh = having.isPresent() && seen.add(having.get());
            if (fresh && does.stream().anyMatch(actions -> Collections.disjoint(actions, having.get()))) {
                throw new MalformedPolicyException(
                        "Conditions do not apply to combination of actions and resources in statement: "
                                + statement.sid() + " has the condition key " + condition.key()
                                + ", of which a request for one of its actions says nothing.");
            }
        }
    }

    private static Set<String> matching(Glob pattern, Set<Actions.Subject> subjects) {
        Glob.Resolved resolved = pattern.resolve(key -> List.of()).orElseThrow();
        return Actions.of(subjects)
                .filter(action -> resolved.matches(action, true))
                .collect(Collectors.toSet());
    }

    private static boolean namesBucket(Glob resource) {
        return path(resource).indexOf('/') < 0;
    }

    private static boolean namesObjects(Glob resource) {
        return path(resource).indexOf('/') >= 0 || path(resource).indexOf('*') >= 0;
    }
}
