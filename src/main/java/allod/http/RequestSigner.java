package allod.http;

import allod.base.AccessKeyId;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Signs requests as {@link SigV4} checks them: the client's side of AWS Signature Version 4. */
public final class RequestSigner {
    /** The payload of a request whose content the signature does not cover. */
    public static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private final AccessKeyId accessKey;
    private final byte[] secret;
    private final String region;
    private final String service;
    private final InstantSource clock;

    /**
     * @param secret the secret access key's characters as UTF-8
     * @param region such as {@code us-east-1}
     * @param service {@code s3} or {@code allod}
     */
    public RequestSigner(AccessKeyId accessKey, byte[] secret, String region, String service, InstantSource clock) {
        this.accessKey = accessKey;
        this.secret = secret.clone();
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /**
     * A signed request.
     *
     * @param headers those given and the ones the signature adds
     * @param chunks the chain of signatures that the chunks of a streamed body continue
     */
    public record SignedHead(Headers headers, ChunkSignatures chunks) {}

    /**
     * Signs a request in its Authorization header. Every header given is covered; Host must be among them.
     *
     * @param payload the SHA-256 of the content in lower-case hexadecimal digits, or the name of a payload mode
     */
    public SignedHead sign(RequestHead request, String payload) {
        Instant now = clock.instant();
        String timestamp = Timestamp.format(now);
        Scope scope = scope(timestamp);
        Headers headers = Headers.builder()
                .addAll(request.headers())
                .set("x-amz-date", timestamp)
                .set("x-amz-content-sha256", payload)
                .build();
        var complete = new RequestHead(request.method(), request.rawPath(), request.rawQuery(), headers);
        List<String> names = names(headers);
        SigningKey key = SigningKey.derive(secret, scope.date(), region, service);
        String signature = signature(complete, names, payload, timestamp, scope, key);
        String authorization = ALGORITHM + " Credential=" + accessKey + '/' + scope + ", SignedHeaders="
                + CanonicalRequest.names(names) + ", Signature=" + signature;
        return new SignedHead(
                Headers.builder()
                        .addAll(headers)
                        .add("Authorization", authorization)
                        .build(),
                new ChunkSignatures(key, timestamp, scope.toString(), signature));
    }

    /**
     * Signs a request in its query, for whoever is given the address. Every header given is covered and must be sent.
     *
     * @param expires how long it holds: 1 second to 7 days
     * @return the whole query, the parameters of the request's own included
     */
    public String presign(RequestHead request, Duration expires) {
        String timestamp = Timestamp.format(clock.instant());
        Scope scope = scope(timestamp);
        List<String> names = names(request.headers());
        String unsigned = (request.rawQuery().isEmpty() ? "" : request.rawQuery() + '&')
                + "X-Amz-Algorithm=" + ALGORITHM
                + "&X-Amz-Credential=" + PercentEncoding.encode(accessKey + "/" + scope)
                + "&X-Amz-Date=" + timestamp
                + "&X-Amz-Expires=" + expires.toSeconds()
                + "&X-Amz-SignedHeaders=" + PercentEncoding.encode(CanonicalRequest.names(names));
        var complete = new RequestHead(request.method(), request.rawPath(), unsigned, request.headers());
        String payload = request.headers().first("x-amz-content-sha256").orElse(UNSIGNED_PAYLOAD);
        SigningKey key = SigningKey.derive(secret, scope.date(), region, service);
        return unsigned + "&X-Amz-Signature=" + signature(complete, names, payload, timestamp, scope, key);
    }

    /**
     * A signed request for the JDK's client.
     *
     * @param headers further headers, without Host
     * @param body the content; empty for none
     */
    public HttpRequest request(String method, URI uri, Headers headers, byte[] body) {
        String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        Headers withHost = Headers.builder().add("Host", host).addAll(headers).build();
        SignedHead signed = sign(new RequestHead(method, path, query, withHost), Digests.sha256Hex(body));
        var builder = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        signed.headers().forEach((name, value) -> {
            // The client writes Host by itself and refuses to be told.
            if (!name.equalsIgnoreCase("Host")) {
                builder.header(name, value);
            }
        });
        return builder.build();
    }

    private Scope scope(String timestamp) {
        return new Scope(timestamp.substring(0, 8), region, service);
    }

    private String signature(
            RequestHead request, List<String> names, String payload, String timestamp, Scope scope, SigningKey key) {
        String canonical = CanonicalRequest.of(
                request,
                CanonicalRequest.path(request.rawPath(), service),
                CanonicalRequest.query(Query.parse(request.rawQuery())),
                names,
                payload);
        return key.sign(CanonicalRequest.stringToSign(timestamp, scope, canonical));
    }

    private static List<String> names(Headers headers) {
        var names = new TreeSet<String>();
        headers.forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
        return new ArrayList<>(names);
    }

    @Override
    public String toString() {
        return "RequestSigner[" + accessKey + ", " + region + ", " + service + "]";
    }
}
