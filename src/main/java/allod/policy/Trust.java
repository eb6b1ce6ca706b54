package allod.policy;

import allod.policy.Evaluation.Words;
import java.util.List;
import java.util.Optional;

/**
 * Decides who may take a role: its trust policy must allow, and so must the policies of who asks unless the trust policy
 * names that very principal of the role's own account.
 *
 * @param account whose role it is
 * @param trust the role's trust policy
 * @param identity the policies of who asks
 * @param session the policy that narrows the session of who asks
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html">Trust policies</a>
 */
public record Trust(String account, Policy trust, List<Evaluation.Named> identity, Optional<Policy> session) {
    private static final String TRUSTS = "the role's trust policy";

    public Evaluation.Decision decide(Request request) {
        try {
            return decided(request);
        } catch (Effort.SpentException spent) {
            return Evaluation.TOO_MUCH_WORK;
        }
    }

    private Evaluation.Decision decided(Request request) {
        Optional<Evaluation.Decision> denied = denied(request);
        if (denied.isPresent()) {
            return denied.get();
        }
        List<Statement> trusting = trust.allowing(request);
        if (trusting.isEmpty()) {
            return new Evaluation.Decision(
                    false, false, "no statement of " + TRUSTS + " allows " + request.action(), Words.OWNERS);
        }
        boolean within = request.who().account().equals(account);
        boolean named =
                within && trusting.stream().anyMatch(statement -> request.who().isNamedBy(statement.principals()));
        if (!named && !allowedByItsOwn(request)) {
            return new Evaluation.Decision(
                    false, false, "no policy of " + request.who().sessionArn() + " allows " + request.action());
        }
        if (session.isPresent() && session.get().allows(request, false).isEmpty()) {
            return new Evaluation.Decision(
                    false, false, Evaluation.SESSIONS + " does not allow " + request.action(), Words.ASKERS);
        }
        return new Evaluation.Decision(
                true, false, "allowed by statement " + trusting.getFirst().sid() + " of " + TRUSTS);
    }

    /** Every statement that speaks of a request: of the role, the principal, the session. */
    public List<Evaluation.Applied> applied(Request request) {
        return new Evaluation("", Optional.of(trust), true, identity, session, Optional::empty)
                .applied(request).stream()
                        .map(one -> one.policy().equals(Evaluation.BUCKETS)
                                ? new Evaluation.Applied(TRUSTS, one.statement(), one.allows())
                                : one)
                        .toList();
    }

    private Optional<Evaluation.Decision> denied(Request request) {
        Optional<Statement> ofTrust = trust.denies(request, true);
        if (ofTrust.isPresent()) {
            return ofTrust.map(statement -> denied(statement, TRUSTS, Words.OWNERS));
        }
        for (Evaluation.Named policy : identity) {
            Optional<Statement> statement = policy.policy().denies(request, false);
            if (statement.isPresent()) {
                return statement.map(one -> denied(one, policy.name(), Words.ASKERS));
            }
        }
        return session.flatMap(policy -> policy.denies(request, false))
                .map(statement -> denied(statement, Evaluation.SESSIONS, Words.ASKERS));
    }

    private static Evaluation.Decision denied(Statement statement, String policy, Words words) {
        return Evaluation.Decision.denied("statement " + statement.sid() + " of " + policy, words);
    }

    private boolean allowedByItsOwn(Request request) {
        return request.who().kind() == Who.Kind.ROOT
                || identity.stream()
                        .anyMatch(
                                policy -> policy.policy().allows(request, false).isPresent());
    }
}
