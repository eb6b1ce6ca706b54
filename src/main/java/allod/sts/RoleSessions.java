package allod.sts;

import allod.base.Principal;
import allod.base.TenantId;
import allod.http.Identity;
import allod.policy.AskedBy;
import allod.policy.Context;
import allod.policy.Evaluation;
import allod.policy.MalformedPolicyException;
import allod.policy.Policy;
import allod.policy.Request;
import allod.policy.Trust;
import allod.policy.Who;
import allod.store.Sessions;
import allod.sts.StsRefusal.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AssumeRole: the rights of a role, narrowed by a policy where one is given, for a time. */
record RoleSessions(Roles roles, Sessions sessions, InstantSource clock) {
    private static final Pattern ARN = Pattern.compile("arn:aws:iam::([0-9]{12}):role/([A-Za-z0-9_+=,.@-]{1,64})");
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_+=,.@-]{2,64}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9_+=,.@:/-]{2,1224}");

    private static final String ACTION = "sts:AssumeRole";

    /** @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">DurationSeconds</a> */
    private static final long LEAST = 900;

    private static final long USUAL = 3600;
    private static final long MOST = 43_200;

    /** A role taken with another role's session lasts an hour at most. */
    private static final long MOST_CHAINED = 3600;

    /** What is asked for. */
    private record Asked(
            TenantId tenant, String role, String session, Optional<String> externalId, String policy, long seconds) {
        String account() {
            return Who.account(tenant.value());
        }

        String arn() {
            return Request.roleArn(account(), role);
        }
    }

    Sessions.Issued begin(StsRequest request, Form form) throws IOException {
        Asked asked = asked(form);
        form.requireNothingElse();
        Optional<Roles.Role> role = roles.role(asked.tenant(), asked.role());
        Evaluation.Decision decision = role.map(found -> decide(request, asked, found))
                .orElse(new Evaluation.Decision(false, false, "there is no such role", Evaluation.Words.NEITHERS));
        Principal principal = Principal.role(asked.role(), asked.session());
        if (!decision.allowed()) {
            role.ifPresent(found -> refused(request, asked, principal, decision));
            // Whether there is such a role is not told.
            throw new StsRefusal(
                    Code.ACCESS_DENIED,
                    "User: " + request.who().sessionArn() + " is not authorized to perform: " + ACTION
                            + " on resource: " + asked.arn());
        }
        requireDuration(request, asked, role.orElseThrow());
        return sessions.begin(
                request.caller(),
                new Sessions.Terms(
                        asked.tenant(),
                        principal,
                        request.lastingKey(),
                        request.isOfRole(),
                        Duration.ofSeconds(asked.seconds()),
                        asked.policy()));
    }

    private static Asked asked(Form form) {
        Matcher arn = ARN.matcher(form.required("RoleArn"));
        boolean named =
                arn.matches() && Long.parseLong(arn.group(1)) > 0 && Long.parseLong(arn.group(1)) <= Integer.MAX_VALUE;
        if (!named) {
            throw StsRefusal.invalid("RoleArn is not of the form arn:aws:iam::ACCOUNT:role/NAME.");
        }
        String session = form.required("RoleSessionName");
        if (!SESSION.matcher(session).matches()) {
            throw StsRefusal.invalid("RoleSessionName must have 2 to 64 letters, digits and _+=,.@-.");
        }
        Optional<String> externalId = form.text("ExternalId");
        if (externalId.isPresent() && !EXTERNAL_ID.matcher(externalId.get()).matches()) {
            throw StsRefusal.invalid("ExternalId must have 2 to 1,224 letters, digits and _+=,.@:/-.");
        }
        return new Asked(
                new TenantId(Integer.parseInt(arn.group(1))),
                arn.group(2),
                session,
                externalId,
                policy(form),
                form.seconds("DurationSeconds", LEAST, MOST).orElse(USUAL));
    }

    private static String policy(Form form) {
        String policy = form.text("Policy").orElse("");
        if (!policy.isEmpty()) {
            try {
                Policy.parse(Policy.Kind.SESSION, policy.getBytes(StandardCharsets.UTF_8));
            } catch (MalformedPolicyException e) {
                throw new StsRefusal(Code.MALFORMED_POLICY_DOCUMENT, e.why());
            }
        }
        return policy;
    }

    private static void requireDuration(StsRequest request, Asked asked, Roles.Role role) {
        long most = request.isOfRole()
                ? Math.min(MOST_CHAINED, role.maxSession().toSeconds())
                : role.maxSession().toSeconds();
        if (asked.seconds() > most) {
            throw StsRefusal.invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role: "
                    + most + " seconds.");
        }
    }

    private Evaluation.Decision decide(StsRequest request, Asked asked, Roles.Role role) {
        Who who = request.who();
        Context known = new AskedBy(
                who,
                clock.instant(),
                request.exchange().remoteAddress(),
                request.exchange().secure());
        Context context = key -> switch (key) {
            case "sts:externalid" -> asked.externalId().map(List::of).orElse(List.of());
            case "sts:rolesessionname" -> List.of(asked.session());
            case "aws:useragent" -> header(request, "User-Agent");
            case "aws:referer" -> header(request, "Referer");
            default -> known.of(key);
        };
        Optional<Policy> narrowing = request.identity()
                .session()
                .map(Identity.Session::policy)
                .filter(policy -> !policy.isEmpty())
                .map(policy -> Policy.parse(Policy.Kind.SESSION, policy.getBytes(StandardCharsets.UTF_8)));
        var trust = new Trust(
                asked.account(),
                role.trust(),
                roles.policies(request.identity().tenant(), request.identity().principal()),
                narrowing);
        return trust.decide(new Request(who, ACTION, asked.arn(), context));
    }

    private static List<String> header(StsRequest request, String name) {
        return request.exchange().headers().first(name).map(List::of).orElse(List.of());
    }

    private void refused(StsRequest request, Asked asked, Principal principal, Evaluation.Decision decision) {
        try {
            boolean within = request.caller().tenant().equals(asked.tenant());
            sessions.refused(
                    request.caller(),
                    asked.tenant(),
                    principal,
                    within ? decision.why() : decision.whyToOwner(),
                    within ? decision.why() : decision.whyToAsker());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
