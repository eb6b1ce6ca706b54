package allod.s3;

import allod.base.TenantId;
import allod.http.Authentication;
import allod.http.Exchange;
import allod.http.FormSignature;
import allod.http.Headers;
import allod.http.Payload;
import allod.http.PercentEncoding;
import allod.http.Query;
import allod.http.SigV4;
import allod.store.BucketName;
import allod.store.DecisionFacts;
import allod.store.ETag;
import allod.store.ObjectKey;
import allod.store.ObjectMetadata;
import allod.store.ObjectStore;
import allod.store.ObjectWriter;
import allod.store.PutAnswer;
import allod.store.PutTerms;
import allod.store.WriteCondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** PostObject: a browser's form puts its file, as far as the policy that its owner signed lets it. */
final class PostEndpoint {
    private static final String STATUS = "success_action_status";
    private static final String REDIRECT = "success_action_redirect";
    private static final String TAGGING = "tagging";
    private static final String OLD_REDIRECT = "redirect";

    /** Fields that mean what headers of the same name mean, beside the x-amz- ones. */
    private static final Set<String> HEADERS = Set.of(
            "cache-control",
            "content-type",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-md5",
            "expires");

    /** Headers of the request itself that are looked at besides its fields: policies decide by the first two. */
    private static final List<String> OF_REQUEST = List.of("Referer", "User-Agent", S3Handler.EXPECTED_OWNER);

    /** Fields of the signature, which are no headers of the object. */
    private static final Set<String> OF_SIGNATURE =
            Set.of("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token");

    private final ObjectStore store;
    private final SigV4 signatures;
    private final Gate gate;
    private final S3Settings settings;
    private final Buffers buffers;
    private final InstantSource clock;

    PostEndpoint(
            ObjectStore store, SigV4 signatures, Gate gate, S3Settings settings, Buffers buffers, InstantSource clock) {
        this.gate = gate;
        this.store = store;
        this.signatures = signatures;
        this.settings = settings;
        this.buffers = buffers;
        this.clock = clock;
    }

    void post(Exchange exchange, BucketName bucket) throws IOException {
        var reader = new FormReader(
                exchange.body(), exchange.headers().first("Content-Type").orElse(""));
        try {
            Map<String, String> fields = reader.fields();
            String named = required(fields, "key");
            String key = named.replace("${filename}", reader.filename());
            Authentication authentication = authentication(exchange, fields);
            Optional<PostPolicy> policy = Optional.empty();
            if (authentication instanceof Authentication.Signed) {
                Map<String, String> checked = new HashMap<>(fields);
                checked.put("bucket", bucket.value());
                checked.put("key", key);
                policy = Optional.of(PostPolicy.parse(required(fields, "policy")));
                policy.get().check(checked, clock.instant());
            }
            var target = ObjectKey.of(key.getBytes(StandardCharsets.UTF_8));
            var put = new Endpoint.PutObject(bucket, target);
            S3Request request = request(exchange, authentication, fields);
            UnservedTerms.refuse(put, request);
            S3Request admitted = request.with(gate.admit(put, request));
            S3Handler.requireExpectedOwner(admitted, S3Handler.EXPECTED_OWNER, owner(bucket));
            PutAnswer stored = store(admitted, bucket, target, reader, policy);
            answer(admitted, bucket, target, fields, stored);
        } finally {
            reader.close();
        }
    }

    private Optional<TenantId> owner(BucketName bucket) {
        return store.facts().bucket(bucket).map(DecisionFacts.BucketFacts::owner);
    }

    /** Whether a request is a form: S3 has no other POST without a subresource. */
    static boolean isForm(S3Request request) {
        return request.exchange().method().equals("POST")
                && request.query().parameters().isEmpty();
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null || value.isEmpty()) {
            throw S3Refusal.argument(
                    name,
                    "",
                    "Bucket POST must contain a field named '" + name
                            + "'. If it is specified, please check the order of the fields: the file comes last.");
        }
        return value;
    }

    /** Who puts it: who signed the form's policy, or anybody where there is none. */
    private Authentication authentication(Exchange exchange, Map<String, String> fields) {
        boolean claims = fields.containsKey("policy")
                || fields.containsKey("awsaccesskeyid")
                || OF_SIGNATURE.stream().anyMatch(fields::containsKey);
        return claims ? signed(exchange, fields) : new Authentication.Anonymous(new Payload.Unsigned());
    }

    private Authentication.Signed signed(Exchange exchange, Map<String, String> fields) {
        if (fields.containsKey("awsaccesskeyid")) {
            required(fields, "signature");
            throw S3Refusal.request(
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        if (!fields.containsKey("policy")) {
            throw new S3Refusal(
                    S3Error.ACCESS_DENIED,
                    "Access Denied. The form has a signature and no policy that it signs. Send the policy too.");
        }
        return signatures.authenticate(
                exchange.remoteAddress(),
                new FormSignature(
                        required(fields, "x-amz-algorithm"),
                        required(fields, "x-amz-credential"),
                        required(fields, "x-amz-date"),
                        required(fields, "x-amz-signature"),
                        required(fields, "policy"),
                        Optional.ofNullable(fields.get("x-amz-security-token"))));
    }

    /** The request that a PUT of the file would have been. */
    private S3Request request(Exchange exchange, Authentication authentication, Map<String, String> fields) {
        if (fields.containsKey(Tags.HEADER)) {
            // A form's tags are the document in its field "tagging".
            throw S3Refusal.header(Tags.HEADER);
        }
        Headers.Builder headers = Headers.builder();
        for (String name : OF_REQUEST) {
            exchange.headers().first(name).ifPresent(value -> headers.add(name, value));
        }
        fields.forEach((name, value) -> {
            boolean amazon = name.startsWith("x-amz-") && !OF_SIGNATURE.contains(name);
            if (name.equals("acl") || amazon || HEADERS.contains(name)) {
                try {
                    headers.add(name.equals("acl") ? "x-amz-acl" : name, HeaderText.of(value));
                } catch (IllegalArgumentException e) {
                    throw S3Refusal.argument(
                            name,
                            "",
                            "A field that stands for a header is not valid. It has a character that no header may hold."
                                    + " Leave it out.");
                }
            }
        });
        Map<String, String> tags = fields.containsKey(TAGGING)
                ? Tags.parse(fields.get(TAGGING).getBytes(StandardCharsets.UTF_8), Tags.OF_OBJECT)
                : Map.of();
        if (!tags.isEmpty()) {
            // Said as a header, so that the form needs leave for its tags as a PUT does.
            headers.set(Tags.HEADER, "");
        }
        S3Request request = S3Request.of(exchange, authentication, Query.parse(""), gate, settings.hostId())
                .withHeaders(headers.build())
                .withTags(tags);
        return request.withLock(LockHeaders.of(request, clock));
    }

    private PutAnswer store(
            S3Request request, BucketName bucket, ObjectKey key, FormReader reader, Optional<PostPolicy> policy)
            throws IOException {
        ClaimedDigests claimed = ClaimedDigests.of(request.headers());
        ObjectMetadata metadata = ObjectHeaders.metadata(request.headers()).withTags(request.tags());
        long most = Math.min(policy.map(PostPolicy::most).orElse(Long.MAX_VALUE), settings.maxPutBytes());
        long least = policy.map(PostPolicy::least).orElse(0L);
        var digests = new ContentDigests(claimed.kind());
        byte[] buffer = buffers.take();
        int used = 0;
        try (ObjectWriter writer = store.write(request.caller(), bucket, key, Encryption.customerKey(request))) {
            for (int count = reader.read(buffer, 0, buffer.length);
                    count >= 0;
                    count = reader.read(buffer, 0, buffer.length)) {
                used = Math.max(used, count);
                digests.update(buffer, 0, count);
                if (digests.length() > most) {
                    throw RequestContent.tooLarge(digests.length(), most);
                }
                writer.write(buffer, 0, count);
            }
            if (digests.length() < least) {
                throw new S3Refusal(
                        S3Error.ENTITY_TOO_SMALL,
                        "Your proposed upload is smaller than the minimum allowed size. The file has "
                                + digests.length() + " bytes, and the policy asks for " + least
                                + ". Send a larger one.",
                        new S3Refusal.Detail("ProposedSize", Long.toString(digests.length())),
                        new S3Refusal.Detail("MinSizeAllowed", Long.toString(least)));
            }
            ContentDigests.Done done = digests.done();
            claimed.verify(done, Headers.empty());
            return writer.commit(new PutTerms(
                    metadata,
                    new ETag(done.md5(), 0),
                    ObjectEndpoints.wholeChecksum(done),
                    WriteCondition.NONE,
                    Optional.empty(),
                    request.lock()));
        } finally {
            buffers.give(buffer, used);
        }
    }

    private static void answer(
            S3Request request, BucketName bucket, ObjectKey key, Map<String, String> fields, PutAnswer stored)
            throws IOException {
        String etag = "\"" + stored.etag() + "\"";
        String location = (request.exchange().secure() ? "https://" : "http://")
                + request.exchange().host()
                + (request.exchange().rawPath().length() > 1 ? "/" + bucket : "")
                + "/"
                + PercentEncoding.encodePath(key.utf8());
        Optional<String> redirect = redirect(fields, bucket, key, etag);
        Headers.Builder headers = Answers.addChecksum(Answers.stored(request).add("ETag", etag), stored.checksum());
        Answers.addVersion(headers, stored.version());
        Answers.addExpiration(headers, stored.expiration());
        if (redirect.isPresent()) {
            Answers.empty(request.exchange(), 303, headers.add("Location", redirect.get()));
            return;
        }
        headers.add("Location", location);
        switch (fields.getOrDefault(STATUS, "")) {
            case "200" -> Answers.empty(request.exchange(), 200, headers);
            case "201" -> {
                byte[] document = XmlWriter.bare("PostResponse")
                        .element("Location", location)
                        .element("Bucket", bucket.value())
                        .element("Key", key.utf8())
                        .element("ETag", etag)
                        .toBytes();
                request.exchange()
                        .respond(
                                201,
                                headers.add("Content-Type", "application/xml").build(),
                                document);
            }
            default -> Answers.empty(request.exchange(), 204, headers);
        }
    }

    /** Where the browser goes on, with what was stored in the query; a field that is no address counts as absent. */
    private static Optional<String> redirect(
            Map<String, String> fields, BucketName bucket, ObjectKey key, String etag) {
        String to = fields.getOrDefault(REDIRECT, fields.getOrDefault(OLD_REDIRECT, ""));
        boolean address = to.matches("https?://[!-~]+");
        return address
                ? Optional.of(to + (to.indexOf('?') < 0 ? "?" : "&") + "bucket="
                        + PercentEncoding.encode(bucket.value()) + "&key=" + PercentEncoding.encode(key.toString())
                        + "&etag=" + PercentEncoding.encode(etag))
                : Optional.empty();
    }
}
