package allod.http;

import allod.http.SignatureProblem.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a request says of its own signature, read but not yet believed.
 *
 * @param signedHeaders lower-case names, ascending, host among them
 * @param signature 64 lower-case hexadecimal digits
 * @param expires for a presigned request, how long after its time it holds; empty for a header
 */
record SignatureClaim(
        Scope.Credential credential,
        List<String> signedHeaders,
        String signature,
        String timestamp,
        Instant signedAt,
        Optional<Duration> expires) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String ALGORITHM_V4A = "AWS4-ECDSA-P256-SHA256";
    private static final long MAX_EXPIRES_SECONDS = 604_800;

    /**
     * Reads the claim of a request; empty if it makes none.
     *
     * @throws SignatureProblem if it makes one that cannot be read, more than one, or one of another kind
     */
    static Optional<SignatureClaim> of(Headers headers, Query query) {
        List<String> authorization = headers.all("Authorization");
        boolean inQuery = query.has("X-Amz-Algorithm") || query.has("X-Amz-Credential") || query.has("X-Amz-Signature");
        boolean oldQuery = query.has("AWSAccessKeyId") && query.has("Signature");
        if (authorization.size() + (inQuery ? 1 : 0) + (oldQuery ? 1 : 0) > 1) {
            throw new SignatureProblem(
                    Kind.AMBIGUOUS,
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string"
                            + " parameter or the Authorization header should be specified");
        }
        if (oldQuery) {
            throw sigV2();
        }
        if (inQuery) {
            return Optional.of(inQuery(query));
        }
        return authorization.isEmpty() ? Optional.empty() : Optional.of(inHeader(authorization.get(0), headers));
    }

    private static SignatureClaim inHeader(String authorization, Headers headers) {
        if (authorization.startsWith("AWS ")) {
            throw sigV2();
        }
        int space = authorization.indexOf(' ');
        String algorithm = space < 0 ? authorization : authorization.substring(0, space);
        requireAlgorithm(algorithm, Kind.UNSUPPORTED_SCHEME, "Unsupported Authorization Type");
        var fields = new Fields(authorization.substring(Math.max(space, 0)));
        Scope.Credential credential = Scope.Credential.parse(fields.take("Credential"))
                .orElseThrow(
                        () -> malformedHeader(
                                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\""));
        String names = fields.take("SignedHeaders");
        String signature = fields.take("Signature");
        fields.requireNone();
        if (!isSignature(signature)) {
            throw malformedHeader("the Signature is not 64 lower-case hexadecimal digits");
        }
        List<String> signed =
                signedHeaders(names).orElseThrow(() -> malformedHeader("the SignedHeaders are not sorted names"));
        Instant at = time(headers);
        String timestamp = Timestamp.format(at);
        requireSameDay(credential, timestamp, Kind.MALFORMED_HEADER);
        return new SignatureClaim(credential, signed, signature, timestamp, at, Optional.empty());
    }

    private static SignatureClaim inQuery(Query query) {
        requireAlgorithm(
                parameter(query, "X-Amz-Algorithm"),
                Kind.MALFORMED_QUERY,
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\" and \"AWS4-ECDSA-P256-SHA256\"");
        Scope.Credential credential = Scope.Credential.parse(parameter(query, "X-Amz-Credential"))
                .orElseThrow(() -> malformedQuery("Error parsing the X-Amz-Credential parameter; the Credential is"
                        + " mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."));
        String timestamp = parameter(query, "X-Amz-Date");
        Instant at = Timestamp.parse(timestamp)
                .orElseThrow(() ->
                        malformedQuery("X-Amz-Date must be in the ISO8601 Long Format" + " \"yyyyMMdd'T'HHmmss'Z'\""));
        requireSameDay(credential, timestamp, Kind.MALFORMED_QUERY);
        Duration expires = expires(parameter(query, "X-Amz-Expires"));
        List<String> signed = signedHeaders(parameter(query, "X-Amz-SignedHeaders"))
                .orElseThrow(() -> malformedQuery("X-Amz-SignedHeaders must be lower-case names in order"));
        String signature = parameter(query, CanonicalRequest.SIGNATURE_PARAMETER);
        if (!isSignature(signature)) {
            throw malformedQuery("X-Amz-Signature is not 64 lower-case hexadecimal digits");
        }
        return new SignatureClaim(credential, signed, signature, timestamp, at, Optional.of(expires));
    }

    /**
     * Reads the claim of a browser's form.
     *
     * @throws SignatureProblem if it cannot be read
     */
    static SignatureClaim ofForm(FormSignature form) {
        requireAlgorithm(form.algorithm(), Kind.MALFORMED_QUERY, "X-Amz-Algorithm must be AWS4-HMAC-SHA256");
        Scope.Credential credential = Scope.Credential.parse(form.credential())
                .orElseThrow(() -> malformedQuery("Error parsing the X-Amz-Credential field; the Credential is"
                        + " mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."));
        Instant at = Timestamp.parse(form.date())
                .orElseThrow(
                        () -> malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
        requireSameDay(credential, form.date(), Kind.MALFORMED_QUERY);
        if (!isSignature(form.signature())) {
            throw new SignatureProblem(Kind.MISMATCH, "X-Amz-Signature is not 64 lower-case hexadecimal digits");
        }
        return new SignatureClaim(credential, List.of(), form.signature(), form.date(), at, Optional.empty());
    }

    private static void requireAlgorithm(String algorithm, Kind otherwise, String message) {
        if (algorithm.equals(ALGORITHM_V4A)) {
            throw new SignatureProblem(
                    Kind.SIGV4A_REFUSED, "Signatures of AWS4-ECDSA-P256-SHA256 are not served; use AWS4-HMAC-SHA256.");
        }
        if (!algorithm.equals(ALGORITHM)) {
            throw new SignatureProblem(otherwise, message);
        }
    }

    private static void requireSameDay(Scope.Credential credential, String timestamp, Kind otherwise) {
        if (!timestamp.startsWith(credential.scope().date())) {
            throw new SignatureProblem(
                    otherwise,
                    "Invalid credential date \"" + credential.scope().date() + "\". This date is not the same as"
                            + " X-Amz-Date: \"" + timestamp.substring(0, 8) + "\".");
        }
    }

    private static Instant time(Headers headers) {
        Optional<String> amazon = only(headers, "x-amz-date");
        Optional<Instant> at = amazon.isPresent()
                ? Timestamp.parse(amazon.get())
                : only(headers, "Date").flatMap(date -> Timestamp.parse(date).or(() -> Timestamp.parseHttpDate(date)));
        return at.filter(instant -> instant.getEpochSecond() >= 0
                        && Timestamp.format(instant).length() == 16)
                .orElseThrow(() -> new SignatureProblem(
                        Kind.MISSING_DATE, "AWS authentication requires a valid Date or x-amz-date header"));
    }

    private static Optional<String> only(Headers headers, String name) {
        List<String> values = headers.all(name);
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    private static Duration expires(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformedQuery("X-Amz-Expires should be a number");
        }
        long seconds = Long.parseLong(text);
        if (seconds < 1) {
            throw malformedQuery("X-Amz-Expires must be at least 1 second");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw malformedQuery("X-Amz-Expires must be less than a week (in seconds); that is, the given"
                    + " X-Amz-Expires must be less than 604800 seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    private static String parameter(Query query, String name) {
        Optional<String> found = Optional.empty();
        for (var parameter : query.parameters()) {
            if (parameter.name().equals(name)) {
                if (found.isPresent()) {
                    throw new SignatureProblem(Kind.AMBIGUOUS, name + " stands twice in the query");
                }
                found = Optional.of(parameter.value());
            }
        }
        return found.orElseThrow(() -> malformedQuery("Query-string authentication version 4 requires the"
                + " X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and"
                + " X-Amz-Expires parameters."));
    }

    /** Reads {@code host;range;x-amz-date}: lower-case names, each once, ascending; empty if they are not. */
    private static Optional<List<String>> signedHeaders(String text) {
        var names = new ArrayList<String>();
        String last = "";
        for (String name : text.split(";", -1)) {
            boolean lowerCase = name.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
            if (!lowerCase || name.compareTo(last) <= 0) {
                return Optional.empty();
            }
            names.add(name);
            last = name;
        }
        return Optional.of(names);
    }

    private static boolean isSignature(String text) {
        return text.length() == 64 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static SignatureProblem sigV2() {
        return new SignatureProblem(
                Kind.SIGV2_REFUSED,
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    }

    private static SignatureProblem malformedHeader(String detail) {
        return new SignatureProblem(Kind.MALFORMED_HEADER, "The authorization header is malformed; " + detail + ".");
    }

    private static SignatureProblem malformedQuery(String message) {
        return new SignatureProblem(Kind.MALFORMED_QUERY, message);
    }

    /** The fields {@code name=value} of an Authorization header, each taken once. */
    private static final class Fields {
        private final List<String> fields = new ArrayList<>();

        Fields(String text) {
            for (String field : text.split(",", -1)) {
                fields.add(field.strip());
            }
        }

        String take(String name) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).startsWith(name + "=")) {
                    return fields.remove(i).substring(name.length() + 1);
                }
            }
            throw malformedHeader("it has no " + name);
        }

        void requireNone() {
            if (!fields.isEmpty()) {
                throw malformedHeader("it has more than Credential, SignedHeaders and Signature");
            }
        }
    }
}
