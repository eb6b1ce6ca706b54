package allod.s3;

import allod.http.PercentEncoding;
import allod.store.BucketName;
import allod.store.ETag;
import allod.store.ObjectInfo;
import allod.store.ObjectKey;
import allod.store.ObjectLock;
import allod.store.ObjectMetadata;
import allod.store.ObjectStore;
import allod.store.ObjectWriter;
import allod.store.PutAnswer;
import allod.store.PutTerms;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import allod.store.VersionId;
import allod.store.WriteCondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** CopyObject: a read of the source and a write of the target, each with its own event, content decrypted in between. */
final class CopyEndpoint {
    static final String SOURCE = "x-amz-copy-source";
    static final String SOURCE_VERSION = "x-amz-copy-source-version-id";
    private static final String VERSION = "?versionId=";

    private final ObjectStore store;
    private final S3Settings settings;
    private final S3Errors errors;
    private final InstantSource clock;

    CopyEndpoint(ObjectStore store, S3Settings settings, S3Errors errors, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.errors = errors;
        this.clock = clock;
    }

    /** All that a request says of a copy. */
    private record Terms(
            PutTerms.CopySource source,
            ReadRequest read,
            Optional<ObjectMetadata> replacement,
            Optional<Map<String, String>> tags,
            Optional<ChecksumKind> kind,
            WriteCondition condition,
            ObjectLock lock) {}

    void copy(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        Terms terms = terms(request, bucket, key);
        var answer = new PatientAnswer(request, errors, clock);
        answer.give(() -> {
            PutAnswer stored = copy(request, bucket, key, terms, answer);
            stored.version().ifPresent(id -> answer.add(VersionParameter.HEADER, id.text()));
            stored.expiration().ifPresent(it -> answer.add(Answers.EXPIRATION, Answers.expiration(it)));
            XmlWriter xml = XmlWriter.document("CopyObjectResult")
                    .element("LastModified", HttpDates.document(stored.lastModified()))
                    .element("ETag", "\"" + stored.etag() + "\"");
            stored.checksum()
                    .ifPresent(checksum -> xml.element(
                                    ChecksumKind.of(checksum.algorithm()).element(), checksum.value())
                            .element("ChecksumType", checksum.type().name()));
            return xml;
        });
    }

    private Terms terms(S3Request request, BucketName bucket, ObjectKey key) {
        PutTerms.CopySource source = source(request.header(SOURCE).orElseThrow());
        String directive = request.header("x-amz-metadata-directive").orElse("COPY");
        if (!directive.equals("COPY") && !directive.equals("REPLACE")) {
            throw S3Refusal.argument(
                    "x-amz-metadata-directive",
                    directive,
                    "Unknown metadata directive. There are COPY and REPLACE. Send one of them.");
        }
        boolean encrypts = request.header(Encryption.METHOD).isPresent()
                || Encryption.customerKey(request).isPresent()
                || Encryption.sourceKey(request).isPresent();
        boolean replace = directive.equals("REPLACE");
        boolean itself = source.bucket().equals(bucket) && source.key().equals(key);
        if (!replace && !encrypts && itself && source.version().isEmpty()) {
            throw S3Refusal.request(
                    "This copy request is illegal because it is trying to copy an object to itself without"
                            + " changing the object's metadata, storage class, website redirect location or encryption attributes."
                            + " It would change nothing. Set x-amz-metadata-directive to REPLACE, or copy to another key.");
        }
        if (Tags.copied(request) && request.header(Tags.HEADER).isPresent()) {
            throw S3Refusal.argument(
                    Tags.HEADER,
                    "",
                    "The copy takes the tags of its source, and the request names others. Set " + Tags.DIRECTIVE
                            + " to REPLACE, or leave " + Tags.HEADER + " out.");
        }
        Optional<ChecksumKind> kind = request.header("x-amz-checksum-algorithm").map(CopyEndpoint::kind);
        return new Terms(
                source,
                Conditions.copySource(request, source.version(), Optional.empty()),
                replace ? Optional.of(ObjectHeaders.metadata(request.headers())) : Optional.empty(),
                Tags.copied(request) ? Optional.empty() : Optional.of(request.tags()),
                kind,
                Conditions.write(request),
                request.lock());
    }

    static ChecksumKind kind(String name) {
        return ChecksumKind.named(name)
                .orElseThrow(() -> S3Refusal.request("Checksum algorithm provided is unsupported. There are "
                        + ChecksumKind.NAMES + ". Name one of them."));
    }

    /** Reads {@code [/]bucket/key[?versionId=ID]}, percent-encoded. */
    static PutTerms.CopySource source(String header) {
        String text = HeaderText.read(header);
        int mark = text.indexOf(VERSION);
        Optional<VersionId> version = Optional.empty();
        if (mark >= 0) {
            version = Optional.of(VersionParameter.parse(SOURCE, text.substring(mark + VERSION.length())));
            text = text.substring(0, mark);
        }
        try {
            String path = text.startsWith("/") ? text.substring(1) : text;
            // A client may encode the slash between bucket and key as well.
            byte[] decoded = PercentEncoding.decode(path);
            int cut = 0;
            while (cut < decoded.length && decoded[cut] != '/') {
                cut++;
            }
            if (cut > 0 && cut < decoded.length - 1) {
                String name = new String(decoded, 0, cut, StandardCharsets.ISO_8859_1);
                if (name.startsWith("arn:")) {
                    throw S3Refusal.unserved("an access point in " + SOURCE);
                }
                return new PutTerms.CopySource(
                        new BucketName(name),
                        ObjectKey.of(Arrays.copyOfRange(decoded, cut + 1, decoded.length)),
                        version);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw S3Refusal.argument(
                SOURCE,
                header,
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey. It does not. Send it so,"
                        + " percent-encoded.");
    }

    private PutAnswer copy(S3Request request, BucketName bucket, ObjectKey key, Terms terms, PatientAnswer answer)
            throws IOException {
        ReadAnswer found = store.read(
                request.caller(), terms.source().bucket(), terms.source().key(), terms.read());
        return switch (found) {
            case ReadAnswer.Content content -> write(request, bucket, key, terms, content, answer);
            case ReadAnswer.Marker marker -> throw isMarker(marker);
            case ReadAnswer.NotModified unmodified -> throw unexpected(unmodified);
            case ReadAnswer.Unsatisfiable unsatisfiable -> throw unexpected(unsatisfiable);
            case ReadAnswer.Described described -> throw unexpected(described);
        };
    }

    /** What the store never answers to such a read: a fault of ours if it does. */
    static IllegalStateException unexpected(ReadAnswer answer) {
        return new IllegalStateException(
                "a read was answered with " + answer.getClass().getSimpleName());
    }

    /** What a copy is answered whose source is a marker, or hidden by one. */
    static S3Refusal isMarker(ReadAnswer.Marker marker) {
        return marker.asked()
                ? S3Refusal.request(
                        "The source of a copy request may not specifically refer to a delete marker by version"
                                + " id. A marker has no content. Name a version that is none.")
                : new S3Refusal(
                        S3Error.NO_SUCH_KEY,
                        "The specified key does not exist. A delete marker hides the source's versions. Name one by its"
                                + " id.");
    }

    private PutAnswer write(
            S3Request request,
            BucketName bucket,
            ObjectKey key,
            Terms terms,
            ReadAnswer.Content content,
            PatientAnswer answer)
            throws IOException {
        ObjectInfo source = content.info();
        source.version().ifPresent(id -> answer.add(SOURCE_VERSION, id.text()));
        if (terms.tags().isEmpty() && !source.metadata().tags().isEmpty()) {
            requireTags(request, bucket, key, terms, content);
        }
        Optional<ChecksumKind> kind =
                terms.kind().or(() -> source.checksum().map(checksum -> ChecksumKind.of(checksum.algorithm())));
        var digests = new ContentDigests(kind);
        try (ObjectWriter writer = open(request, bucket, key, content)) {
            // The source is let go before the commit: where it is the target, the commit replaces it.
            try (content) {
                content.transferTo((bytes, offset, length) -> {
                    digests.update(bytes, offset, length);
                    writer.write(bytes, offset, length);
                    answer.keepAlive();
                });
            }
            ContentDigests.Done done = digests.done();
            return writer.commit(new PutTerms(
                    terms.replacement()
                            .orElse(source.metadata())
                            .withTags(terms.tags().orElse(source.metadata().tags()))
                            .withAccess(Optional.empty()),
                    new ETag(done.md5(), 0),
                    ObjectEndpoints.wholeChecksum(done),
                    terms.condition(),
                    Optional.of(terms.source()),
                    terms.lock()));
        }
    }

    /** To copy tags is to read them and to write them, and to put an object that has them. */
    private static void requireTags(
            S3Request request, BucketName bucket, ObjectKey key, Terms terms, ReadAnswer.Content content)
            throws IOException {
        S3Request tagged = request.withTags(content.info().metadata().tags());
        try {
            PutTerms.CopySource source = terms.source();
            request.require(Needed.ofExisting(
                    Permissions.ofVersion(source.version(), "s3:GetObjectTagging"),
                    source.bucket(),
                    source.key(),
                    source.version()));
            tagged.require(Needed.of("s3:PutObjectTagging", bucket, key));
            tagged.require(Needed.of("s3:PutObject", bucket, key));
        } catch (RuntimeException | IOException refused) {
            content.close();
            throw refused;
        }
    }

    /** @throws S3Refusal INVALID_REQUEST if more than one copy takes is to be copied */
    static void requireSize(long length, long maxBytes, String next) {
        if (length > maxBytes) {
            throw S3Refusal.request(
                    "The specified copy source is larger than the maximum allowable size for a copy source: " + maxBytes
                            + ". It has " + length + " bytes. " + next);
        }
    }

    /** Opens the target, or lets the source go. */
    private ObjectWriter open(S3Request request, BucketName bucket, ObjectKey key, ReadAnswer.Content content)
            throws IOException {
        try {
            requireSize(content.length(), settings.maxPutBytes(), "Copy it in parts, each with its range.");
            return store.write(request.caller(), bucket, key, Encryption.customerKey(request));
        } catch (RuntimeException | IOException fault) {
            content.close();
            throw fault;
        }
    }
}
