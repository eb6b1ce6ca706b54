package allod.s3;

import allod.http.Authentication;
import allod.policy.AskedBy;
import allod.policy.Context;
import allod.policy.Who;
import allod.store.DecisionFacts.ObjectFacts;
import allod.store.ObjectLock;
import allod.store.PutTerms;
import allod.store.Retention;
import allod.store.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a request says under each condition key. A policy that names another key is refused when it is put, so each that
 * can be asked for has its answer here.
 *
 * @param version the version that is asked for by its id
 * @param object what is said of the object that stands there; found only if a policy asks for it
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys">
 *     The condition keys of S3</a>
 */
record RequestFacts(
        S3Request request, Who who, Instant now, Optional<VersionId> version, Supplier<Optional<ObjectFacts>> object)
        implements Context {
    private static final String EXISTING_TAG = "s3:existingobjecttag/";
    private static final String REQUEST_TAG = "s3:requestobjecttag/";
    private static final String HEADER = "s3:x-amz-";
    private static final String LOCK = "s3:object-lock-";

    @Override
    public List<String> of(String key) {
        if (key.startsWith(EXISTING_TAG)) {
            return optional(
                    object.get().map(ObjectFacts::tags).map(tags -> tags.get(key.substring(EXISTING_TAG.length()))));
        }
        if (key.startsWith(REQUEST_TAG)) {
            return optional(Optional.ofNullable(request.tags().get(key.substring(REQUEST_TAG.length()))));
        }
        if (key.equals("s3:x-amz-copy-source")) {
            return optional(request.header(CopyEndpoint.SOURCE).map(RequestFacts::source));
        }
        if (key.equals("s3:x-amz-metadata-directive")
                && request.header(CopyEndpoint.SOURCE).isEmpty()) {
            // It says something of a copy alone; beside content it would be ignored, so nothing is decided by it.
            return List.of();
        }
        if (key.startsWith(HEADER)) {
            return optional(request.header(key.substring(3)));
        }
        if (key.startsWith(LOCK)) {
            return lock(key.substring(LOCK.length()));
        }
        return key.startsWith("aws:") ? ofWho(key) : ofParameters(key);
    }

    private static List<String> optional(Optional<String> value) {
        return value.map(List::of).orElse(List.of());
    }

    /** {@code bucket/key}, decoded and without a slash before it. */
    private static String source(String header) {
        PutTerms.CopySource source = CopyEndpoint.source(header);
        return source.bucket() + "/" + source.key();
    }

    private List<String> lock(String what) {
        Optional<Retention> retention = request.lock().retention();
        Optional<Instant> until = retention.map(Retention::until);
        return optional(
                switch (what) {
                    case "mode" -> retention.map(it -> it.mode().name());
                    case "retain-until-date" -> until.map(Instant::toString);
                    case "legal-hold" ->
                        Optional.of(request.lock().hold())
                                .filter(hold -> hold != ObjectLock.Hold.UNSET)
                                .map(ObjectLock.Hold::name);
                    default ->
                        until.map(end -> Duration.between(now, end).toDays())
                                .map(days -> Long.toString(Math.max(0, days)));
                });
    }

    private List<String> ofWho(String key) {
        return switch (key) {
            case "aws:referer" -> optional(request.header("Referer"));
            case "aws:useragent" -> optional(request.header("User-Agent"));
            default ->
                new AskedBy(
                                who,
                                now,
                                request.caller().address(),
                                request.exchange().secure())
                        .of(key);
        };
    }

    private List<String> ofParameters(String key) {
        return switch (key) {
            case "s3:prefix" -> optional(request.query().first("prefix"));
            case "s3:delimiter" -> optional(request.query().first("delimiter"));
            case "s3:max-keys" -> optional(request.query().first("max-keys"));
            case "s3:versionid" -> optional(version.map(VersionId::text));
            case "s3:requestobjecttagkeys" -> new ArrayList<>(request.tags().keySet());
            case "s3:authtype" -> signed().map(this::type).map(List::of).orElse(List.of());
            case "s3:signatureversion" -> signed().isPresent() ? List.of("AWS4-HMAC-SHA256") : List.of();
            case "s3:signatureage" ->
                signed().map(signed -> List.of(Long.toString(
                                Duration.between(signed.signedAt(), now).toMillis())))
                        .orElse(List.of());
            default -> List.of();
        };
    }

    private Optional<Authentication.Signed> signed() {
        return request.authentication() instanceof Authentication.Signed signed
                ? Optional.of(signed)
                : Optional.empty();
    }

    private String type(Authentication.Signed signed) {
        if (PostEndpoint.isForm(request)) {
            return "POST";
        }
        return signed.presigned() ? "REST-QUERY-STRING" : "REST-HEADER";
    }
}
