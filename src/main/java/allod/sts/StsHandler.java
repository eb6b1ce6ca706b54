package allod.sts;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Authentication;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.HttpHandler;
import allod.http.RequestBody;
import allod.http.RequestHead;
import allod.http.SigV4;
import allod.http.SignatureProblem;
import allod.policy.Who;
import allod.store.Session;
import allod.store.Sessions;
import allod.sts.StsRefusal.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;

/** Answers what is of the security token service, a form posted to the root, and hands on all else. */
public final class StsHandler implements HttpHandler {
    /** Bytes of a request: a session's policy, percent-encoded, has room. */
    static final int MAX_CONTENT = 16 << 10;

    private static final String VERSION = "2011-06-15";

    private final SigV4 signatures;
    private final RoleSessions roles;
    private final UserSessions users;
    private final HttpHandler next;

    /** @param signatures the check for the service {@code sts} */
    public StsHandler(SigV4 signatures, Roles roles, Sessions sessions, InstantSource clock, HttpHandler next) {
        this.signatures = signatures;
        this.roles = new RoleSessions(roles, sessions, clock);
        this.users = new UserSessions(sessions);
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        if (isOurs(exchange)) {
            exchange.endpoint("SecurityToken");
            serve(exchange);
        } else {
            next.handle(exchange);
        }
    }

    /**
     * No operation of S3 posts a form of this type to be read as one, but clients send the type with any content: with a
     * subresource in the query it is S3's, such as a DeleteObjects to the root of a bucket's own host.
     */
    private static boolean isOurs(Exchange exchange) {
        String type = exchange.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        return exchange.method().equals("POST")
                && exchange.rawPath().equals("/")
                && type.startsWith("application/x-www-form-urlencoded")
                && hasNothingButSignature(exchange.rawQuery());
    }

    private static boolean hasNothingButSignature(String rawQuery) {
        return rawQuery.isEmpty()
                || Arrays.stream(rawQuery.split("&", -1)).allMatch(parameter -> parameter.startsWith("X-Amz-"));
    }

    private void serve(Exchange exchange) throws IOException {
        try {
            byte[] answer = answer(exchange, read(exchange.body()));
            respond(exchange, 200, answer);
        } catch (SignatureProblem problem) {
            refuse(exchange, StsRefusal.of(problem));
        } catch (StsRefusal refusal) {
            refuse(exchange, refusal);
        } catch (Problem problem) {
            refuse(exchange, refusal(problem));
        }
    }

    private static StsRefusal refusal(Problem problem) {
        boolean passing = switch (problem.reason()) {
            case BUSY, NOT_YET, CUSTODIAN_AWAY, NO_SPACE -> true;
            default -> false;
        };
        if (passing) {
            return new StsRefusal(
                    Code.SERVICE_UNAVAILABLE, problem.what() + " " + problem.why() + " " + problem.next());
        }
        boolean gone = problem.reason() == Reason.NO_SUCH_ACCESS_KEY || problem.reason() == Reason.NO_SUCH_IDENTITY;
        return gone
                ? new StsRefusal(Code.ACCESS_DENIED, problem.why())
                : new StsRefusal(
                        Code.INTERNAL_FAILURE, "The request was not carried out; the operator's log says why.");
    }

    private static byte[] read(RequestBody body) throws IOException {
        var content = new ByteArrayOutputStream(1024);
        byte[] buffer = new byte[4096];
        for (int count = body.read(buffer, 0, buffer.length); count >= 0; count = body.read(buffer, 0, buffer.length)) {
            if (content.size() + count > MAX_CONTENT) {
                throw new StsRefusal(Code.REQUEST_ENTITY_TOO_LARGE, "A request has at most " + MAX_CONTENT + " bytes.");
            }
            content.write(buffer, 0, count);
        }
        return content.toByteArray();
    }

    private byte[] answer(Exchange exchange, byte[] content) throws IOException {
        Authentication.Signed signed = signatures.requireSigned(
                exchange.remoteAddress(),
                new RequestHead(exchange.method(), exchange.rawPath(), exchange.rawQuery(), exchange.headers()),
                content);
        var request = new StsRequest(exchange, signed.identity());
        Form form = Form.parse(content);
        String action = form.required("Action");
        if (!form.required("Version").equals(VERSION)) {
            throw StsRefusal.invalid("The version of the API is " + VERSION + ".");
        }
        return switch (action) {
            case "AssumeRole" -> {
                Sessions.Issued issued = roles.begin(request, form);
                Session session = issued.session();
                Who who = Who.of(session.tenant().value(), session.principal().name());
                yield credentials(
                                result(action)
                                        .begin("AssumedRoleUser")
                                        .element("Arn", who.sessionArn())
                                        .element("AssumedRoleId", who.userId())
                                        .end(),
                                issued)
                        .element("PackedPolicySize", Integer.toString(issued.packedPolicyPercent()))
                        .end()
                        .begin("ResponseMetadata")
                        .element("RequestId", exchange.requestId())
                        .toBytes();
            }
            case "GetSessionToken" ->
                credentials(result(action), users.begin(request, form))
                        .end()
                        .begin("ResponseMetadata")
                        .element("RequestId", exchange.requestId())
                        .toBytes();
            case "GetCallerIdentity" -> {
                form.requireNothingElse();
                Who who = request.who();
                yield result(action)
                        .element("Arn", who.sessionArn())
                        .element("UserId", who.userId())
                        .element("Account", who.account())
                        .end()
                        .begin("ResponseMetadata")
                        .element("RequestId", exchange.requestId())
                        .toBytes();
            }
            default ->
                throw new StsRefusal(
                        Code.INVALID_ACTION,
                        "The action " + (action.matches("[A-Za-z]{1,64}") ? action : "asked for")
                                + " is not served. There are AssumeRole, GetSessionToken and GetCallerIdentity.");
        };
    }

    private static StsXml result(String action) {
        return new StsXml(action + "Response").begin(action + "Result");
    }

    private static StsXml credentials(StsXml xml, Sessions.Issued issued) {
        Session session = issued.session();
        return xml.begin("Credentials")
                .element("AccessKeyId", session.id().value())
                .element("SecretAccessKey", new String(session.secret(), java.nio.charset.StandardCharsets.US_ASCII))
                .element("SessionToken", issued.token())
                .element("Expiration", session.expires().toString())
                .end();
    }

    private static void refuse(Exchange exchange, StsRefusal refusal) throws IOException {
        Code code = refusal.code();
        byte[] body = new StsXml("ErrorResponse")
                .begin("Error")
                .element("Type", code.status() >= 500 ? "Receiver" : "Sender")
                .element("Code", code.spelled())
                .element("Message", refusal.getMessage())
                .end()
                .element("RequestId", exchange.requestId())
                .toBytes();
        respond(exchange, code.status(), body);
    }

    private static void respond(Exchange exchange, int status, byte[] body) throws IOException {
        exchange.respond(
                status,
                Headers.builder()
                        .add("Content-Type", "text/xml")
                        .add("Cache-Control", "no-store")
                        .add("x-amzn-RequestId", exchange.requestId())
                        .build(),
                body);
    }
}
