package allod.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The one spelling of a request that both sides hash and sign.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a
 *     signed AWS API request</a>
 */
final class CanonicalRequest {
    static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private CanonicalRequest() {}

    /**
     * @param path the canonical path
     * @param query the canonical query
     * @param signedHeaders lower-case names in order
     * @param payload the value that stands for the content: a hash or the name of a mode
     */
    static String of(RequestHead request, String path, String query, List<String> signedHeaders, String payload) {
        var out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        out.append(path).append('\n');
        out.append(query).append('\n');
        for (String name : signedHeaders) {
            out.append(name).append(':');
            appendValues(out, name, request.headers());
            out.append('\n');
        }
        out.append('\n');
        appendNames(out, signedHeaders);
        return out.append('\n').append(payload).toString();
    }

    /** The text that is signed: algorithm, time, scope and the hash of the canonical request. */
    static String stringToSign(String timestamp, Scope scope, String canonicalRequest) {
        return "AWS4-HMAC-SHA256\n" + timestamp + '\n' + scope + '\n' + Digests.sha256Hex(canonicalRequest);
    }

    /**
     * S3 signs the path's one plain encoding; every other service encodes the path as sent once more.
     *
     * @throws IllegalArgumentException if the path is not percent-encoded
     */
    static String path(String rawPath, String service) {
        if (!service.equals("s3")) {
            return PercentEncoding.encode(rawPath).replace("%2F", "/");
        }
        return PercentEncoding.isCanonicalPath(rawPath)
                ? rawPath
                : PercentEncoding.encodePath(PercentEncoding.decode(rawPath));
    }

    /** Parameters in one encoding, sorted by name and then value, without the signature itself. */
    static String query(Query query) {
        if (query.parameters().isEmpty()) {
            return "";
        }
        var encoded = new ArrayList<Query.Parameter>(query.parameters().size());
        for (var parameter : query.parameters()) {
            if (!parameter.name().equals(SIGNATURE_PARAMETER)) {
                encoded.add(new Query.Parameter(
                        PercentEncoding.encode(parameter.name()), PercentEncoding.encode(parameter.value())));
            }
        }
        encoded.sort(Comparator.comparing(Query.Parameter::name).thenComparing(Query.Parameter::value));
        var out = new StringBuilder();
        for (var parameter : encoded) {
            out.append(out.isEmpty() ? "" : "&")
                    .append(parameter.name())
                    .append('=')
                    .append(parameter.value());
        }
        return out.toString();
    }

    static String names(List<String> signedHeaders) {
        var out = new StringBuilder();
        appendNames(out, signedHeaders);
        return out.toString();
    }

    private static void appendNames(StringBuilder out, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            out.append(i == 0 ? "" : ";").append(names.get(i));
        }
    }

    private static void appendValues(StringBuilder out, String name, Headers headers) {
        boolean first = true;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                if (!first) {
                    out.append(',');
                }
                appendTrimmed(out, headers.value(i));
                first = false;
            }
        }
    }

    /** The value without spaces at its ends, and one space wherever several stand. */
    private static void appendTrimmed(StringBuilder out, String value) {
        String text = value.strip();
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' || !space) {
                out.append(c);
            }
            space = c == ' ';
        }
    }

    /** A copy fit to be shown: values of headers that carry a customer's encryption key are left out. */
    static String withoutKeys(String canonicalRequest) {
        var out = new StringBuilder(canonicalRequest.length());
        for (String line : canonicalRequest.split("\n", -1)) {
            int colon = line.indexOf(':');
            boolean secret = colon > 0
                    && line.substring(0, colon).toLowerCase(Locale.ROOT).endsWith("-customer-key");
            out.append(out.isEmpty() ? "" : "\n").append(secret ? line.substring(0, colon) + ":(hidden)" : line);
        }
        return out.toString();
    }
}
