package allod.http;

import static allod.http.Signing.DAY;
import static allod.http.Signing.EMPTY;
import static allod.http.Signing.HOST;
import static allod.http.Signing.KEY;
import static allod.http.Signing.signer;
import static allod.http.Signing.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.http.Authentication.Anonymous;
import allod.http.Authentication.Signed;
import allod.http.SignatureProblem.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigV4Test {
    private static final Headers HOST_ONLY = Headers.of("Host", HOST);

    private static RequestHead get(String path, String query, String... headers) {
        return new RequestHead(
                "GET",
                path,
                query,
                Headers.builder().addAll(HOST_ONLY).addAll(Headers.of(headers)).build());
    }

    private static RequestHead signed(RequestHead request, String payload) {
        return with(request, signer("s3", DAY).sign(request, payload).headers());
    }

    private static RequestHead with(RequestHead request, Headers headers) {
        return new RequestHead(request.method(), request.rawPath(), request.rawQuery(), headers);
    }

    private static RequestHead presigned(RequestHead request, Duration expires) {
        return new RequestHead(
                request.method(), request.rawPath(), signer("s3", DAY).presign(request, expires), request.headers());
    }

    private static void refused(RequestHead request, Kind kind) {
        refused(request, DAY, kind);
    }

    private static void refused(RequestHead request, Instant now, Kind kind) {
        assertThatThrownBy(() -> verifier(now).authenticate(request))
                .isInstanceOfSatisfying(
                        SignatureProblem.class,
                        problem -> assertThat(problem.kind()).isEqualTo(kind));
    }

    private static RequestHead header(RequestHead request, String name, String value) {
        return with(
                request,
                Headers.builder().addAll(request.headers()).set(name, value).build());
    }

    private static String authorization(RequestHead request) {
        return request.headers().first("Authorization").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "'',f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41,/test.txt,Range,bytes=0-9",
        "lifecycle,fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543,/,,",
        "max-keys=2&prefix=J,34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7,/,,"
    })
    void the_published_examples_of_the_header_come_out(
            String query, String signature, String path, String name, String value) {
        RequestHead request = signed(name == null ? get(path, query) : get(path, query, name, value), EMPTY);
        assertThat(authorization(request)).endsWith("Signature=" + signature);
        assertThat(verifier(DAY).authenticate(request)).isInstanceOf(Signed.class);
    }

    @Test
    void the_published_example_of_a_put_comes_out_with_a_path_that_was_sent_unencoded() {
        String hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        var request = new RequestHead(
                "PUT",
                "/test$file.text",
                "",
                Headers.of(
                        "Host",
                        HOST,
                        "Date",
                        "Fri, 24 May 2013 00:00:00 GMT",
                        "x-amz-storage-class",
                        "REDUCED_REDUNDANCY"));
        RequestHead signed = signed(request, hash);
        assertThat(authorization(signed))
                .endsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
        var answer = (Signed) verifier(DAY).authenticate(signed);
        assertThat(answer.payload()).isEqualTo(new Payload.Hashed(hash));
        assertThat(answer.identity()).isEqualTo(Signing.IDENTITY);
        assertThat(answer.presigned()).isFalse();
        assertThat(answer.region()).isEqualTo("us-east-1");
        assertThat(verifier(DAY).authenticate(new RequestHead("PUT", "/test%24file.text", "", signed.headers())))
                .isInstanceOf(Signed.class);
    }

    @Test
    void the_published_example_of_a_presigned_query_comes_out() {
        RequestHead request = presigned(get("/test.txt", ""), Duration.ofDays(1));
        assertThat(request.rawQuery())
                .endsWith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
        var answer = (Signed) verifier(DAY).authenticate(request);
        assertThat(answer.presigned()).isTrue();
        assertThat(answer.payload()).isEqualTo(new Payload.Unsigned());
    }

    @Test
    void the_published_chain_of_chunks_comes_out() {
        var request = new RequestHead(
                "PUT",
                "/examplebucket/chunkObject.txt",
                "",
                Headers.of(
                        "Host", "s3.amazonaws.com",
                        "x-amz-storage-class", "REDUCED_REDUNDANCY",
                        "Content-Encoding", "aws-chunked",
                        "x-amz-decoded-content-length", "66560",
                        "Content-Length", "66824"));
        var signed = signer("s3", DAY).sign(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
        assertThat(signed.headers().first("Authorization").orElseThrow())
                .endsWith("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        assertThat(signed.chunks().signChunk(sha256("a".repeat(65536))))
                .isEqualTo("ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
        assertThat(signed.chunks().signChunk(sha256("a".repeat(1024))))
                .isEqualTo("0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
        assertThat(signed.chunks().signChunk(sha256("")))
                .isEqualTo("b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
    }

    @Test
    void the_published_chain_of_chunks_with_a_trailer_comes_out() {
        var request = new RequestHead(
                "PUT",
                "/examplebucket/chunkObject.txt",
                "",
                Headers.of(
                        "Host", "s3.amazonaws.com",
                        "x-amz-storage-class", "REDUCED_REDUNDANCY",
                        "Content-Encoding", "aws-chunked",
                        "x-amz-decoded-content-length", "66560",
                        "x-amz-trailer", "x-amz-checksum-crc32c"));
        var signed = signer("s3", DAY).sign(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
        assertThat(signed.headers().first("Authorization").orElseThrow())
                .endsWith("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
        assertThat(signed.chunks().signChunk(sha256("a".repeat(65536))))
                .isEqualTo("b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2");
        assertThat(signed.chunks().signChunk(sha256("a".repeat(1024))))
                .isEqualTo("1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7");
        assertThat(signed.chunks().signChunk(sha256("")))
                .isEqualTo("2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992");
        assertThat(signed.chunks().signTrailer(sha256("x-amz-checksum-crc32c:sOO8/Q==\n")))
                .isEqualTo("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435");
    }

    private static byte[] sha256(String text) {
        return Digests.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b/a//b",
                "/b/../c",
                "/b/%2F",
                "/b/%2f%00",
                "/b/a+b%20c",
                "/b/a%2Bb",
                "/b/(x)!*'",
                "/b/%E2%82%AC",
                "/b/~-_.",
                "//",
                "/b/a;b=c@d:e,f"
            })
    void any_path_can_be_signed_and_two_paths_never_share_a_signature(String path) {
        RequestHead request = signed(get(path, ""), EMPTY);
        assertThat(verifier(DAY).authenticate(request)).isInstanceOf(Signed.class);
        refused(new RequestHead("GET", path + "/", "", request.headers()), Kind.MISMATCH);
    }

    @Test
    void a_path_signed_as_it_is_sent_is_taken_too() {
        // A client that keeps an encoded slash in what it signs.
        RequestHead asSent = get("/b/a%2Fb", "");
        String timestamp = "20130524T000000Z";
        Headers headers = Headers.builder()
                .addAll(HOST_ONLY)
                .add("x-amz-content-sha256", EMPTY)
                .add("x-amz-date", timestamp)
                .build();
        var names = java.util.List.of("host", "x-amz-content-sha256", "x-amz-date");
        var scope = new Scope("20130524", "us-east-1", "s3");
        String canonical = CanonicalRequest.of(with(asSent, headers), "/b/a%2Fb", "", names, EMPTY);
        String signature = SigningKey.derive(Signing.SECRET, "20130524", "us-east-1", "s3")
                .sign(CanonicalRequest.stringToSign(timestamp, scope, canonical));
        RequestHead request = header(
                with(asSent, headers),
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + KEY + "/" + scope + ",SignedHeaders=" + String.join(";", names)
                        + ",Signature=" + signature);
        assertThat(verifier(DAY).authenticate(request)).isInstanceOf(Signed.class);
    }

    @Test
    void every_part_of_a_request_is_bound() {
        RequestHead request = signed(get("/b/k", "prefix=a&x=y", "x-amz-meta-a", "one", "Range", "bytes=0-9"), EMPTY);
        assertThat(verifier(DAY).authenticate(request)).isInstanceOf(Signed.class);
        refused(new RequestHead("PUT", "/b/k", "prefix=a&x=y", request.headers()), Kind.MISMATCH);
        refused(new RequestHead("GET", "/b/K", "prefix=a&x=y", request.headers()), Kind.MISMATCH);
        refused(new RequestHead("GET", "/b/k", "prefix=b&x=y", request.headers()), Kind.MISMATCH);
        refused(new RequestHead("GET", "/b/k", "prefix=a", request.headers()), Kind.MISMATCH);
        refused(header(request, "x-amz-meta-a", "two"), Kind.MISMATCH);
        refused(header(request, "Range", "bytes=0-8"), Kind.MISMATCH);
        refused(header(request, "Host", "other"), Kind.MISMATCH);
        refused(header(request, "x-amz-content-sha256", "UNSIGNED-PAYLOAD"), Kind.MISMATCH);
        refused(header(request, "x-amz-date", "20130524T000001Z"), Kind.MISMATCH);
        refused(header(request, "x-amz-meta-b", "new"), Kind.HEADERS_NOT_SIGNED);
        // Order of parameters, and spaces around and within a header, are not bound: both sides put them in one form.
        assertThat(verifier(DAY).authenticate(new RequestHead("GET", "/b/k", "x=y&prefix=%61", request.headers())))
                .isInstanceOf(Signed.class);
    }

    @Test
    void what_was_computed_is_shown_without_the_secret_or_a_customers_key() {
        RequestHead request = signed(
                get("/b/k", "", "x-amz-server-side-encryption-customer-key", "c2VjcmV0LWtleS1vZi1hLWN1c3RvbWVy"),
                EMPTY);
        RequestHead other = new RequestHead("PUT", "/b/k", "", request.headers());
        assertThatThrownBy(() -> verifier(DAY).authenticate(other))
                .isInstanceOfSatisfying(SignatureProblem.class, problem -> {
                    var tried = problem.tried().orElseThrow();
                    assertThat(tried.stringToSign())
                            .startsWith("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/");
                    assertThat(tried.canonicalRequest())
                            .startsWith("PUT\n/b/k\n\nhost:")
                            .contains("x-amz-server-side-encryption-customer-key:(hidden)\n")
                            .endsWith("\n" + EMPTY);
                    assertThat(problem.toString() + tried)
                            .doesNotContain("wJalrXUtnFEMI")
                            .doesNotContain("c2VjcmV0LWtl");
                });
        assertThat(Signing.IDENTITY.toString()).doesNotContain("wJalrXUtnFEMI");
        assertThat(signer("s3", DAY).toString()).doesNotContain("wJalrXUtnFEMI");
    }

    @Test
    void a_header_holds_for_fifteen_minutes_either_way() {
        RequestHead request = signed(get("/", ""), EMPTY);
        for (Duration skew : new Duration[] {SigV4.MAX_SKEW, SigV4.MAX_SKEW.negated()}) {
            assertThat(verifier(DAY.plus(skew)).authenticate(request)).isInstanceOf(Signed.class);
        }
        refused(request, DAY.plus(SigV4.MAX_SKEW).plusNanos(1), Kind.SKEWED);
        refused(request, DAY.minus(SigV4.MAX_SKEW).minusNanos(1), Kind.SKEWED);
    }

    @Test
    void a_presigned_query_holds_until_its_last_second() {
        RequestHead request = presigned(get("/a", "versionId=1"), Duration.ofDays(7));
        assertThat(verifier(DAY.plus(Duration.ofDays(7))).authenticate(request)).isInstanceOf(Signed.class);
        assertThat(verifier(DAY.minus(SigV4.MAX_SKEW)).authenticate(request)).isInstanceOf(Signed.class);
        refused(request, DAY.plus(Duration.ofDays(7)).plusNanos(1), Kind.EXPIRED);
        refused(request, DAY.minus(SigV4.MAX_SKEW).minusNanos(1), Kind.NOT_YET_VALID);
        refused(presigned(get("/", ""), Duration.ofSeconds(604_801)), Kind.MALFORMED_QUERY);
        refused(presigned(get("/", ""), Duration.ZERO), Kind.MALFORMED_QUERY);
        assertThat(verifier(DAY).authenticate(presigned(get("/", ""), Duration.ofSeconds(1))))
                .isInstanceOf(Signed.class);
    }

    @Test
    void a_presigned_query_binds_its_headers_and_takes_no_others_of_amazons() {
        RequestHead request = presigned(get("/a", "", "x-amz-acl", "private"), Duration.ofHours(1));
        assertThat(verifier(DAY).authenticate(request)).isInstanceOf(Signed.class);
        refused(header(request, "x-amz-acl", "public-read"), Kind.MISMATCH);
        refused(header(request, "x-amz-meta-a", "b"), Kind.HEADERS_NOT_SIGNED);
        refused(with(request, HOST_ONLY), Kind.MISMATCH);
    }

    @Test
    void two_ways_at_once_are_refused() {
        RequestHead header = signed(get("/", ""), EMPTY);
        RequestHead query = presigned(get("/", ""), Duration.ofHours(1));
        refused(new RequestHead("GET", "/", query.rawQuery(), header.headers()), Kind.AMBIGUOUS);
        refused(
                with(
                        header,
                        Headers.builder()
                                .addAll(header.headers())
                                .add("Authorization", "x")
                                .build()),
                Kind.AMBIGUOUS);
        refused(new RequestHead("GET", "/", query.rawQuery() + "&X-Amz-Expires=9", query.headers()), Kind.AMBIGUOUS);
        refused(
                with(
                        header,
                        Headers.builder()
                                .addAll(header.headers())
                                .add("x-amz-content-sha256", EMPTY)
                                .build()),
                Kind.AMBIGUOUS);
    }

    @Test
    void older_and_other_kinds_of_signature_are_refused_by_name() {
        refused(get("/", "", "Authorization", "AWS AKIA:c2ln"), Kind.SIGV2_REFUSED);
        refused(get("/", "AWSAccessKeyId=A&Expires=1&Signature=c2ln"), Kind.SIGV2_REFUSED);
        refused(get("/", "", "Authorization", "AWS4-ECDSA-P256-SHA256 Credential=x"), Kind.SIGV4A_REFUSED);
        refused(get("/", "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256"), Kind.SIGV4A_REFUSED);
        refused(get("/", "", "Authorization", "Bearer x"), Kind.UNSUPPORTED_SCHEME);
        refused(get("/", "X-Amz-Signature=x"), Kind.MALFORMED_QUERY);
    }

    @Test
    void a_session_token_stands_once_is_signed_and_of_its_key() {
        RequestHead request = signed(get("/b/k", "", "x-amz-security-token", "good"), EMPTY);
        assertThat(sessions().authenticate(request))
                .isInstanceOfSatisfying(
                        Signed.class,
                        signed -> assertThat(signed.identity().session()).isPresent());
        assertSessionRefused(signed(get("/b/k", "", "x-amz-security-token", "bad"), EMPTY), Kind.INVALID_TOKEN);
        assertSessionRefused(signed(get("/b/k", "", "x-amz-security-token", "old"), EMPTY), Kind.EXPIRED_TOKEN);
        assertSessionRefused(header(request, "x-amz-security-token", "good too"), Kind.MISMATCH);
        assertSessionRefused(
                header(signed(get("/b/k", ""), EMPTY), "x-amz-security-token", "good"), Kind.HEADERS_NOT_SIGNED);
        assertSessionRefused(
                signed(get("/b/k", "X-Amz-Security-Token=good", "x-amz-security-token", "good"), EMPTY),
                Kind.AMBIGUOUS);
        // Where no sessions are issued every token is invalid.
        refused(request, Kind.INVALID_TOKEN);
    }

    private static void assertSessionRefused(RequestHead request, Kind kind) {
        assertThatThrownBy(() -> sessions().authenticate(request))
                .isInstanceOfSatisfying(
                        SignatureProblem.class,
                        problem -> assertThat(problem.kind()).isEqualTo(kind));
    }

    /** Knows tokens that begin with "good", and one that is over. */
    private static SigV4 sessions() {
        Identity lasting = Signing.IDENTITY;
        var session = new Identity.Session("", DAY, lasting.accessKey(), false);
        Identity identity = new Identity(
                lasting.tenant(), lasting.principal(), lasting.accessKey(), lasting.secret(), Optional.of(session));
        return new SigV4(
                "s3",
                new Credentials() {
                    @Override
                    public Optional<Identity> find(AccessKeyId id) {
                        return Optional.of(lasting);
                    }

                    @Override
                    public Session session(AccessKeyId id, String token) {
                        return token.startsWith("good")
                                ? new Session.Open(identity)
                                : token.equals("old") ? new Session.Expired() : new Session.Invalid();
                    }
                },
                () -> DAY);
    }

    @Test
    void malformed_headers_are_refused() {
        RequestHead good = signed(get("/", ""), EMPTY);
        String authorization = authorization(good);
        String signature = authorization.substring(authorization.length() - 64);
        for (String bad : new String[] {
            "AWS4-HMAC-SHA256",
            authorization + ", Extra=1",
            authorization + ", Signature=" + signature,
            authorization.replace("Signature=", "signature="),
            authorization.replace(signature, signature.toUpperCase(java.util.Locale.ROOT)),
            authorization.replace(signature, signature.substring(1)),
            authorization.replace("host;", "x;"),
            authorization.replace("host;x", "Host;x"),
            authorization.replace("host;x-amz-content-sha256", "x-amz-content-sha256;host"),
            authorization.replace("host;", "host;host;"),
            authorization.replace("aws4_request", "aws4"),
            authorization.replace("20130524/", "20130523/"),
            authorization.replace("20130524/", "2013052/"),
            authorization.replace("us-east-1", ""),
            authorization.replace("us-east-1", "us east"),
            authorization.replace("/s3/", "/allod/"),
            authorization.replace("AKIAIOSFODNN7EXAMPLE", "")
        }) {
            assertThatThrownBy(() -> verifier(DAY).authenticate(header(good, "Authorization", bad)))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            SignatureProblem.class,
                            problem -> assertThat(problem.kind()).isIn(Kind.MALFORMED_HEADER, Kind.HEADERS_NOT_SIGNED));
        }
        refused(header(good, "x-amz-date", "20130524T000000"), Kind.MISSING_DATE);
        refused(header(good, "x-amz-date", "20130524T250000Z"), Kind.MISSING_DATE);
    }

    @Test
    void the_mode_of_the_content_is_told_or_refused() {
        assertThat(payload("UNSIGNED-PAYLOAD")).isEqualTo(new Payload.Unsigned());
        assertThat(payload("STREAMING-UNSIGNED-PAYLOAD-TRAILER")).isEqualTo(new Payload.UnsignedChunks());
        assertThat(payload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))
                .isInstanceOfSatisfying(
                        Payload.SignedChunks.class, p -> assertThat(p.trailer()).isFalse());
        assertThat(payload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"))
                .isInstanceOfSatisfying(
                        Payload.SignedChunks.class, p -> assertThat(p.trailer()).isTrue());
        refused(signed(get("/", ""), "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"), Kind.UNSUPPORTED_PAYLOAD);
        refused(signed(get("/", ""), EMPTY.toUpperCase(java.util.Locale.ROOT)), Kind.INVALID_CONTENT_SHA256);
        refused(signed(get("/", ""), EMPTY.substring(1)), Kind.INVALID_CONTENT_SHA256);
        RequestHead good = signed(get("/", ""), EMPTY);
        Headers without =
                Headers.of("Host", HOST, "x-amz-date", "20130524T000000Z", "Authorization", authorization(good));
        refused(with(good, without), Kind.MISSING_CONTENT_SHA256);
    }

    private static Payload payload(String name) {
        return verifier(DAY).authenticate(signed(get("/", ""), name)).payload();
    }

    @Test
    void a_request_without_a_signature_is_nobodys() {
        assertThat(verifier(DAY).authenticate(get("/", "list-type=2")))
                .isEqualTo(new Anonymous(new Payload.Unsigned()));
        assertThat(verifier(DAY)
                        .authenticate(get("/", "", "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"))
                        .payload())
                .isEqualTo(new Payload.UnsignedChunks());
        refused(get("/", "", "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), Kind.UNSUPPORTED_PAYLOAD);
        refused(get("/", "a=%zz"), Kind.MALFORMED_URI);
    }

    @Test
    void an_unknown_key_and_a_wrong_secret_are_refused() {
        RequestHead request = get("/", "");
        var stranger = new RequestSigner(
                new AccessKeyId("STRANGER"), Signing.SECRET, "us-east-1", "s3", InstantSource.fixed(DAY));
        refused(with(request, stranger.sign(request, EMPTY).headers()), Kind.UNKNOWN_KEY);
        var wrong = new RequestSigner(KEY, new byte[] {1}, "us-east-1", "s3", InstantSource.fixed(DAY));
        refused(with(request, wrong.sign(request, EMPTY).headers()), Kind.MISMATCH);
    }

    @Test
    void a_changed_secret_counts_at_once() {
        var secrets = new byte[][] {Signing.SECRET};
        Credentials credentials = id ->
                Optional.of(new Identity(Signing.IDENTITY.tenant(), Signing.IDENTITY.principal(), id, secrets[0]));
        var verifier = new SigV4("s3", credentials, InstantSource.fixed(DAY));
        RequestHead request = signed(get("/", ""), EMPTY);
        assertThat(verifier.authenticate(request)).isInstanceOf(Signed.class);
        assertThat(verifier.authenticate(request)).isInstanceOf(Signed.class);
        secrets[0] = "another".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> verifier.authenticate(request)).isInstanceOf(SignatureProblem.class);
    }

    @Test
    void the_table_of_signing_keys_is_bounded() {
        var keys = new SigningKeys("s3");
        for (int i = 0; i < SigningKeys.LIMIT + 1; i++) {
            var scope = new Scope("20130524", "region-" + i, "s3");
            keys.keep(Signing.IDENTITY, scope, keys.of(Signing.IDENTITY, scope));
            assertThat(keys.size()).isLessThanOrEqualTo(SigningKeys.LIMIT);
        }
        assertThat(keys.size()).isEqualTo(1);
    }

    @Test
    void other_services_encode_the_path_twice() {
        var signer = signer("allod", DAY);
        var verifier = new SigV4("allod", Signing.credentials(), InstantSource.fixed(DAY));
        RequestHead request = get("/api/v1/receipts/a%20b", "after=1&limit=2");
        assertThat(CanonicalRequest.path("/a%20b/c", "allod")).isEqualTo("/a%2520b/c");
        assertThat(verifier.authenticate(
                        with(request, signer.sign(request, EMPTY).headers())))
                .isInstanceOf(Signed.class);
        refused(with(request, signer.sign(request, EMPTY).headers()), Kind.MALFORMED_HEADER);
    }

    @Test
    void whatever_is_signed_verifies() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            var path = new StringBuilder("/");
            var query = new StringBuilder("q=1");
            for (int n = random.nextInt(20); n > 0; n--) {
                path.append(piece(random));
                query.append('&').append(piece(random)).append(random.nextBoolean() ? "=" + piece(random) : "");
            }
            RequestHead plain = get(path.toString(), query.toString(), "x-amz-meta-a", " a  b " + random.nextInt());
            for (RequestHead request :
                    new RequestHead[] {signed(plain, EMPTY), presigned(plain, Duration.ofHours(1))}) {
                assertThat(verifier(DAY).authenticate(request))
                        .as("seed %d: %s", seed, request)
                        .isInstanceOf(Signed.class);
            }
        }
    }

    private static String piece(Random random) {
        String[] pieces = {"a", "Z", "/", "%2F", "%20", "+", "%2B", "~", "(", "%E2%82%AC", "%", "*", "%7e", ";", "@"};
        String piece = pieces[random.nextInt(pieces.length)];
        return piece.equals("%") ? "%25" : piece;
    }
}
