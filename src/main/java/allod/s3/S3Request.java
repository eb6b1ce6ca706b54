package allod.s3;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import allod.http.Authentication;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.Query;
import allod.store.BucketName;
import allod.store.Caller;
import allod.store.DecisionFacts.BucketFacts;
import allod.store.ObjectLock;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the endpoints see it.
 *
 * @param caller who asks, with what was allowed
 * @param owner who owns the bucket it is about; the caller itself where there is none
 * @param tags what it says an object's tags shall be
 * @param lock what it says shall lock an object
 * @param hostId what {@code x-amz-id-2} says
 * @param known the buckets that were looked up, of the request's own thread
 * @param headers the request's headers, followed by those a presigned URL carries in its query
 */
record S3Request(
        Exchange exchange,
        Authentication authentication,
        Caller caller,
        TenantId owner,
        Headers headers,
        Query query,
        Map<String, String> tags,
        ObjectLock lock,
        Gate gate,
        String hostId,
        Map<BucketName, Optional<BucketFacts>> known) {
    private static final AccessKeyId NO_KEY = new AccessKeyId("anonymous");

    static S3Request of(Exchange exchange, Authentication authentication, Query query, Gate gate, String hostId) {
        Caller caller = caller(exchange, authentication);
        return new S3Request(
                exchange,
                authentication,
                caller,
                caller.tenant(),
                headers(exchange.headers(), query),
                query,
                Map.of(),
                ObjectLock.NONE,
                gate,
                hostId,
                new HashMap<>(4));
    }

    private static Caller caller(Exchange exchange, Authentication authentication) {
        return switch (authentication) {
            case Authentication.Signed signed ->
                new Caller(
                        signed.identity().tenant(),
                        signed.identity().principal(),
                        signed.identity().accessKey(),
                        exchange.remoteAddress(),
                        exchange.requestId());
            case Authentication.Anonymous anonymous ->
                new Caller(
                        TenantId.SYSTEM, Principal.ANONYMOUS, NO_KEY, exchange.remoteAddress(), exchange.requestId());
        };
    }

    S3Request with(Caller newCaller) {
        return new S3Request(
                exchange, authentication, newCaller, owner, headers, query, tags, lock, gate, hostId, known);
    }

    S3Request ofOwner(TenantId newOwner) {
        return new S3Request(
                exchange, authentication, caller, newOwner, headers, query, tags, lock, gate, hostId, known);
    }

    S3Request withHeaders(Headers newHeaders) {
        return new S3Request(
                exchange, authentication, caller, owner, newHeaders, query, tags, lock, gate, hostId, known);
    }

    S3Request withTags(Map<String, String> newTags) {
        return new S3Request(
                exchange, authentication, caller, owner, headers, query, newTags, lock, gate, hostId, known);
    }

    S3Request withLock(ObjectLock newLock) {
        return new S3Request(
                exchange, authentication, caller, owner, headers, query, tags, newLock, gate, hostId, known);
    }

    /** Whose a bucket is; empty if there is none. Looked up once, so that all is decided about the same bucket. */
    Optional<BucketFacts> bucket(BucketName name) {
        return known.computeIfAbsent(name, gate::bucket);
    }

    /** Whether something more is allowed that only the content or the source of a copy names; nothing is recorded. */
    boolean may(Needed needed) {
        return gate.may(this, needed);
    }

    /**
     * The same where the request ends without it.
     *
     * @throws S3Refusal ACCESS_DENIED, recorded in the chain of the bucket's owner
     */
    void require(Needed needed) throws IOException {
        gate.require(this, needed);
    }

    /**
     * The headers a request is taken by. Some signers move x-amz- headers into the query of a presigned URL, where they mean
     * what they mean as headers; in any other query they mean nothing, and what is ignored could have been meant to copy.
     *
     * @throws S3Refusal INVALID_ARGUMENT for a header in a query that is not presigned, or one that cannot stand there
     */
    static Headers headers(Headers headers, Query query) {
        boolean presigned = query.has("X-Amz-Signature");
        Headers.Builder hoisted = null;
        for (Query.Parameter parameter : query.parameters()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (name.endsWith("-customer-key")) {
                throw S3Refusal.argument(
                        name,
                        "",
                        "A customer's key does not belong into an address, which is kept and logged. Send it as a"
                                + " header.");
            }
            if (name.startsWith("x-amz-") && !isNoHeader(name)) {
                if (!presigned) {
                    throw S3Refusal.argument(
                            name,
                            parameter.value(),
                            "A header stands in the query, where it counts in a presigned URL alone. Send it as a header.");
                }
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

    private static boolean isNoHeader(String name) {
        return switch (name) {
            case "x-amz-algorithm",
                    "x-amz-credential",
                    "x-amz-date",
                    "x-amz-expires",
                    "x-amz-signedheaders",
                    "x-amz-signature",
                    "x-amz-security-token",
                    "x-amz-content-sha256" -> true;
            // S3 does not look at a checksum in a query: some SDKs sign that of no content, for they have none yet.
            case "x-amz-sdk-checksum-algorithm" -> true;
            default -> ChecksumKind.ofHeader(name).isPresent();
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
}
