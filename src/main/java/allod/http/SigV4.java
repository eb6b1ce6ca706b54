package allod.http;

import allod.base.AccessKeyId;
import allod.http.SignatureProblem.Kind;
import allod.http.SignatureProblem.Tried;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks who signed a request, by AWS Signature Version 4 with one service's name, in the Authorization header or in a
 * presigned query. Safe for use by many threads.
 *
 * <p>Signatures of version 2 and of version 4A are refused by name. A signature covers Host and every x-amz- header of
 * the request, or it is refused.
 */
public final class SigV4 {
    /** How far the two clocks may differ. */
    public static final Duration MAX_SKEW = Duration.ofMinutes(15);

    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final String CONTENT_SHA256 = "x-amz-content-sha256";

    private static final String TOKEN = "x-amz-security-token";

    private static final String MISMATCH =
            "The request signature we calculated does not match the signature you provided. Check your key and"
                    + " signing method.";

    private final String service;
    private final Credentials credentials;
    private final InstantSource clock;
    private final SigningKeys keys;
    private final Refused refused;

    /** Is told of each request that its signature did not let pass. */
    @FunctionalInterface
    public interface Refused {
        /**
         * @param source the peer's address
         * @param key the access key that the request claims, empty where it names none; whoever sent it chose it
         */
        void failed(String source, Kind kind, Optional<AccessKeyId> key);
    }

    /** @param service the service in the scope of every signature: {@code s3} or {@code allod} */
    public SigV4(String service, Credentials credentials, InstantSource clock) {
        this(service, credentials, clock, (source, kind, key) -> {});
    }

    /** @param refused told of each request that its signature did not let pass */
    public SigV4(String service, Credentials credentials, InstantSource clock, Refused refused) {
        this.refused = refused;
        this.service = service;
        this.credentials = credentials;
        this.clock = clock;
        this.keys = new SigningKeys(service);
    }

    /**
     * Checks the signature of a request; its content is checked later, as the payload says.
     *
     * @throws SignatureProblem if there is a signature and it does not let the request pass
     */
    public Authentication authenticate(Exchange exchange) {
        var head = new RequestHead(exchange.method(), exchange.rawPath(), exchange.rawQuery(), exchange.headers());
        try {
            return authenticate(head);
        } catch (SignatureProblem problem) {
            refused.failed(exchange.remoteAddress(), problem.kind(), claimed(head));
            throw problem;
        }
    }

    /**
     * The same where nothing is open to those who do not sign.
     *
     * @throws SignatureProblem MISSING as well
     */
    public Authentication.Signed requireSigned(Exchange exchange) {
        return switch (authenticate(exchange)) {
            case Authentication.Signed signed -> signed;
            case Authentication.Anonymous anonymous -> {
                refused.failed(exchange.remoteAddress(), Kind.MISSING, Optional.empty());
                throw new SignatureProblem(Kind.MISSING, "The request is not signed, and this is for its owner alone.");
            }
        };
    }

    /** The same for a request in parts. */
    public Authentication authenticate(RequestHead request) {
        return authenticate(request, Optional.empty());
    }

    /**
     * The same for a request whose content was read: its signature covers the content's hash, named in a header or not.
     *
     * @param source the peer's address
     * @throws SignatureProblem MISSING as well
     */
    public Authentication.Signed requireSigned(String source, RequestHead request, byte[] content) {
        try {
            String hash = Digests.sha256Hex(content);
            List<String> named = request.headers().all(CONTENT_SHA256);
            if (!named.isEmpty() && !named.equals(List.of(hash))) {
                throw new SignatureProblem(
                        Kind.CONTENT_MISMATCH, "The provided x-amz-content-sha256 does not match what was computed.");
            }
            if (authenticate(request, Optional.of(hash)) instanceof Authentication.Signed signed) {
                return signed;
            }
            throw new SignatureProblem(Kind.MISSING, "The request is not signed, and this is for known keys alone.");
        } catch (SignatureProblem problem) {
            refused.failed(source, problem.kind(), claimed(request));
            throw problem;
        }
    }

    private Authentication authenticate(RequestHead request, Optional<String> contentHash) {
        Query query = query(request.rawQuery());
        Optional<SignatureClaim> claimed = SignatureClaim.of(request.headers(), query);
        if (claimed.isEmpty()) {
            return new Authentication.Anonymous(anonymousPayload(request.headers()));
        }
        SignatureClaim claim = claimed.get();
        String payload = contentHash.orElseGet(() -> payloadName(request.headers(), claim));
        requireScope(claim);
        requireTime(claim);
        requireCovered(request.headers(), claim);
        Identity identity = identity(claim, token(request.headers(), query));
        SigningKey key = keys.of(identity, claim.credential().scope());
        requireMatch(request, query, claim, payload, key);
        keys.keep(identity, claim.credential().scope(), key);
        return new Authentication.Signed(
                identity,
                claim.credential().scope().region(),
                claim.signedAt(),
                claim.expires().isPresent(),
                payload(payload, claim, key));
    }

    /**
     * Checks the signature of a browser's form over its policy. How long it holds is for the policy to say.
     *
     * @param source the peer's address
     * @throws SignatureProblem if it does not let the request pass
     */
    public Authentication.Signed authenticate(String source, FormSignature form) {
        try {
            return authenticate(form);
        } catch (SignatureProblem problem) {
            refused.failed(source, problem.kind(), claimed(() -> Optional.of(SignatureClaim.ofForm(form))));
            throw problem;
        }
    }

    private static Optional<AccessKeyId> claimed(RequestHead request) {
        return claimed(() -> SignatureClaim.of(request.headers(), query(request.rawQuery())));
    }

    /** The key that a refused request names; empty too where its claim cannot be read. */
    private static Optional<AccessKeyId> claimed(Supplier<Optional<SignatureClaim>> claim) {
        try {
            return claim.get().map(read -> read.credential().accessKey());
        } catch (SignatureProblem unreadable) {
            return Optional.empty();
        }
    }

    private Authentication.Signed authenticate(FormSignature form) {
        SignatureClaim claim = SignatureClaim.ofForm(form);
        requireScope(claim);
        Identity identity = identity(claim, form.token());
        SigningKey key = keys.of(identity, claim.credential().scope());
        if (!ChunkSignatures.constantTimeEquals(claim.signature(), key.sign(form.policy()))) {
            throw new SignatureProblem(
                    Kind.MISMATCH,
                    MISMATCH,
                    new Tried(claim.credential().accessKey().value(), claim.signature(), form.policy(), ""));
        }
        keys.keep(identity, claim.credential().scope(), key);
        return new Authentication.Signed(
                identity, claim.credential().scope().region(), claim.signedAt(), false, new Payload.Unsigned());
    }

    private static Optional<String> token(Headers headers, Query query) {
        var tokens = new ArrayList<>(headers.all(TOKEN));
        query.parameters().stream()
                .filter(parameter -> parameter.name().equalsIgnoreCase(TOKEN))
                .forEach(parameter -> tokens.add(parameter.value()));
        if (tokens.size() > 1) {
            throw new SignatureProblem(Kind.AMBIGUOUS, TOKEN + " stands twice");
        }
        return tokens.stream().findFirst();
    }

    private Identity identity(SignatureClaim claim, Optional<String> token) {
        AccessKeyId id = claim.credential().accessKey();
        if (token.isPresent()) {
            return switch (credentials.session(id, token.get())) {
                case Credentials.Session.Open(Identity identity) -> identity;
                case Credentials.Session.Invalid() ->
                    throw new SignatureProblem(
                            Kind.INVALID_TOKEN, "The provided token is malformed or otherwise invalid.");
                case Credentials.Session.Expired() ->
                    throw new SignatureProblem(Kind.EXPIRED_TOKEN, "The provided token has expired.");
            };
        }
        return credentials
                .find(id)
                .orElseThrow(() -> new SignatureProblem(
                        Kind.UNKNOWN_KEY, "The AWS Access Key Id you provided does not exist in our records."));
    }

    private static Query query(String rawQuery) {
        try {
            return Query.parse(rawQuery);
        } catch (IllegalArgumentException e) {
            throw new SignatureProblem(Kind.MALFORMED_URI, "The query is not percent-encoded UTF-8.");
        }
    }

    private void requireScope(SignatureClaim claim) {
        String given = claim.credential().scope().service();
        if (!given.equals(service)) {
            boolean presigned = claim.expires().isPresent();
            throw new SignatureProblem(
                    presigned ? Kind.MALFORMED_QUERY : Kind.MALFORMED_HEADER,
                    (presigned
                                    ? "Error parsing the X-Amz-Credential parameter"
                                    : "The authorization header is malformed")
                            + "; incorrect service \"" + given + "\". This endpoint belongs to \"" + service + "\".");
        }
    }

    private void requireTime(SignatureClaim claim) {
        Instant now = clock.instant();
        Instant at = claim.signedAt();
        if (claim.expires().isPresent()) {
            if (at.isAfter(now.plus(MAX_SKEW))) {
                throw new SignatureProblem(Kind.NOT_YET_VALID, "Request is not valid yet");
            }
            if (now.isAfter(at.plus(claim.expires().get()))) {
                throw new SignatureProblem(Kind.EXPIRED, "Request has expired");
            }
        } else if (Duration.between(at, now).abs().compareTo(MAX_SKEW) > 0) {
            throw new SignatureProblem(
                    Kind.SKEWED, "The difference between the request time and the current time is too large.");
        }
    }

    private static void requireCovered(Headers headers, SignatureClaim claim) {
        List<String> signed = claim.signedHeaders();
        var missing = new ArrayList<String>(0);
        if (!signed.contains("host")) {
            missing.add("host");
        }
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.regionMatches(true, 0, "x-amz-", 0, 6) && signed.stream().noneMatch(name::equalsIgnoreCase)) {
                missing.add(name.toLowerCase(Locale.ROOT));
            }
        }
        if (!missing.isEmpty()) {
            throw new SignatureProblem(
                    Kind.HEADERS_NOT_SIGNED,
                    "There were headers present in the request which were not signed: " + String.join(", ", missing));
        }
    }

    private void requireMatch(RequestHead request, Query query, SignatureClaim claim, String payload, SigningKey key) {
        String canonicalQuery = CanonicalRequest.query(query);
        String path;
        try {
            path = CanonicalRequest.path(request.rawPath(), service);
        } catch (IllegalArgumentException e) {
            throw new SignatureProblem(Kind.MALFORMED_URI, "The path is not percent-encoded.");
        }
        String canonical = CanonicalRequest.of(request, path, canonicalQuery, claim.signedHeaders(), payload);
        if (matches(claim, canonical, key)) {
            return;
        }
        // Some clients sign the path as they send it, which binds it no less: a slash within a key as %2F, say.
        if (!path.equals(request.rawPath())
                && matches(
                        claim,
                        CanonicalRequest.of(request, request.rawPath(), canonicalQuery, claim.signedHeaders(), payload),
                        key)) {
            return;
        }
        throw new SignatureProblem(
                Kind.MISMATCH,
                MISMATCH,
                new Tried(
                        claim.credential().accessKey().value(),
                        claim.signature(),
                        CanonicalRequest.stringToSign(
                                claim.timestamp(), claim.credential().scope(), canonical),
                        CanonicalRequest.withoutKeys(canonical)));
    }

    private static boolean matches(SignatureClaim claim, String canonical, SigningKey key) {
        String computed = key.sign(CanonicalRequest.stringToSign(
                claim.timestamp(), claim.credential().scope(), canonical));
        return ChunkSignatures.constantTimeEquals(claim.signature(), computed);
    }

    /** The value that stands for the content in the canonical request. */
    private static String payloadName(Headers headers, SignatureClaim claim) {
        List<String> given = headers.all(CONTENT_SHA256);
        if (given.size() > 1) {
            throw new SignatureProblem(Kind.AMBIGUOUS, CONTENT_SHA256 + " stands twice");
        }
        if (given.isEmpty()) {
            if (claim.expires().isPresent()) {
                return UNSIGNED;
            }
            throw new SignatureProblem(
                    Kind.MISSING_CONTENT_SHA256, "Missing required header for this request: " + CONTENT_SHA256);
        }
        return requireKnown(given.get(0));
    }

    private static String requireKnown(String name) {
        if (name.length() == 64 && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return name;
        }
        return switch (name) {
            case UNSIGNED,
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                    "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> name;
            case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
                    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
                    "STREAMING-AWS4-HMAC-SHA256-EVENTS" ->
                throw new SignatureProblem(Kind.UNSUPPORTED_PAYLOAD, "Content signed as " + name + " is not served.");
            default ->
                throw new SignatureProblem(
                        Kind.INVALID_CONTENT_SHA256,
                        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                                + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or"
                                + " a valid sha256 value.");
        };
    }

    private static Payload payload(String name, SignatureClaim claim, SigningKey key) {
        return switch (name) {
            case UNSIGNED -> new Payload.Unsigned();
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Payload.UnsignedChunks();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new Payload.SignedChunks(chain(claim, key), false);
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new Payload.SignedChunks(chain(claim, key), true);
            default -> new Payload.Hashed(name);
        };
    }

    private static ChunkSignatures chain(SignatureClaim claim, SigningKey key) {
        return new ChunkSignatures(
                key, claim.timestamp(), claim.credential().scope().toString(), claim.signature());
    }

    private static Payload anonymousPayload(Headers headers) {
        List<String> given = headers.all(CONTENT_SHA256);
        if (given.isEmpty()) {
            return new Payload.Unsigned();
        }
        String name = requireKnown(given.size() == 1 ? given.get(0) : "");
        return switch (name) {
            case UNSIGNED -> new Payload.Unsigned();
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Payload.UnsignedChunks();
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" ->
                throw new SignatureProblem(
                        Kind.UNSUPPORTED_PAYLOAD, "Signed chunks need a signed request to continue from.");
            default -> new Payload.Hashed(name);
        };
    }
}
