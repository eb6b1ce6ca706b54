package allod.s3;

import allod.base.TenantId;
import allod.http.Authentication;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.Query;
import allod.store.Caller;
import java.util.Locale;
import java.util.Optional;

/**
 * A signed request as the endpoints see it.
 *
 * @param hostId what {@code x-amz-id-2} says
 * @param headers the request's headers, followed by those a presigned URL carries in its query
 */
record S3Request(
        Exchange exchange, Authentication authentication, Caller caller, Headers headers, Query query, String hostId) {

    static S3Request of(Exchange exchange, Authentication.Signed signed, Query query, String hostId) {
        var identity = signed.identity();
        var caller = new Caller(
                identity.tenant(),
                identity.principal(),
                identity.accessKey(),
                exchange.remoteAddress(),
                exchange.requestId());
        return new S3Request(exchange, signed, caller, withHoisted(exchange.headers(), query), query, hostId);
    }

    /** Some signers move x-amz- headers into the query of a presigned URL; there they mean what they mean as headers. */
    private static Headers withHoisted(Headers headers, Query query) {
        Headers.Builder hoisted = null;
        for (Query.Parameter parameter : query.parameters()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-") && !isOfSignature(name)) {
                if (hoisted == null) {
                    hoisted = Headers.builder().addAll(headers);
                }
                try {
                    hoisted.add(name, HeaderText.of(parameter.value()));
                } catch (IllegalArgumentException e) {
                    throw S3Refusal.argument(
                            name,
                            "",
                            "A parameter that stands for a header is not valid. It has a character that no header may"
                                    + " hold. Leave it out.");
                }
            }
        }
        return hoisted == null ? headers : hoisted.build();
    }

    private static boolean isOfSignature(String name) {
        return switch (name) {
            case "x-amz-algorithm",
                    "x-amz-credential",
                    "x-amz-date",
                    "x-amz-expires",
                    "x-amz-signedheaders",
                    "x-amz-signature",
                    "x-amz-security-token",
                    "x-amz-content-sha256" -> true;
            default -> false;
        };
    }

    Optional<String> header(String name) {
        return headers.first(name);
    }

    /** The value of a query parameter; empty text counts as absent. */
    Optional<String> parameter(String name) {
        return query.first(name).filter(value -> !value.isEmpty());
    }

    /** The tenant's canonical user id, in the shape S3 gives it: 64 hexadecimal digits. */
    static String canonicalId(TenantId tenant) {
        return String.format(Locale.ROOT, "%064x", tenant.value());
    }

    /** The tenant's account id, in the shape S3 gives it: 12 digits. */
    static String accountId(TenantId tenant) {
        return String.format(Locale.ROOT, "%012d", tenant.value());
    }
}
