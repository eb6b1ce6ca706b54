package allod.policy;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a policy.
 *
 * @param sid its name, or its place in the policy such as {@code #2}
 * @param principals whom it is about; empty in a policy that hangs on a principal itself
 * @param notPrincipals whether it is about all others; so are {@code notActions} and {@code notResources}
 */
record Statement(
        String sid,
        boolean allows,
        List<PrincipalPattern> principals,
        boolean notPrincipals,
        List<Glob> actions,
        boolean notActions,
        List<Glob> resources,
        boolean notResources,
        List<Condition> conditions) {

    /** Whether it speaks of a request, whoever asks. */
    boolean speaksOf(Request request) {
        return matchesAction(request.action(), request.effort())
                && matchesResource(request)
                && conditions.stream()
                        .allMatch(condition -> condition.holds(request.context(), !allows, request.effort()));
    }

    /** Whether it speaks of who asks. */
    boolean isAbout(Who who) {
        return principals.stream().anyMatch(who::is) != notPrincipals;
    }

    boolean matchesAction(String action, Effort effort) {
        return actions.stream()
                        .anyMatch(glob -> glob.resolve(key -> List.of())
                                .filter(resolved -> resolved.matches(action, true, effort))
                                .isPresent())
                != notActions;
    }

    /** A variable without a value makes a statement that allows say nothing, and one that denies say all it can. */
    private boolean matchesResource(Request request) {
        boolean any = resources.isEmpty();
        for (Glob resource : resources) {
            Optional<Glob.Resolved> resolved = resource.resolve(request.context(), request.effort());
            if (resolved.isEmpty() && notResources) {
                return !allows;
            }
            any |= resolved.filter(pattern -> pattern.matches(request.resource(), false, request.effort()))
                    .isPresent();
        }
        return any != notResources;
    }

    /** Whether it lets everybody, with nothing that narrows it. */
    boolean isPublic() {
        return allows
                && principals.stream().anyMatch(PrincipalPattern.Everyone.class::isInstance)
                && conditions.stream().noneMatch(Condition::narrows);
    }
}
