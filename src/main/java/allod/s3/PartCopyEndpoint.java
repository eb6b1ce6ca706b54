package allod.s3;

import allod.store.BucketName;
import allod.store.Checksum;
import allod.store.ObjectKey;
import allod.store.ObjectStore;
import allod.store.PartInfo;
import allod.store.PartWriter;
import allod.store.PutTerms;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import allod.store.ReadRequest.ByteRange;
import allod.store.UploadId;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** UploadPartCopy: a read of the source, or of a range of it, and a write of one part, each with its own event. */
final class PartCopyEndpoint {
    private final ObjectStore store;
    private final S3Settings settings;
    private final S3Errors errors;
    private final InstantSource clock;

    PartCopyEndpoint(ObjectStore store, S3Settings settings, S3Errors errors, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.errors = errors;
        this.clock = clock;
    }

    /** The part to write. */
    private record Target(
            BucketName bucket, ObjectKey key, UploadId upload, int number, Optional<Checksum.Plan> plan) {}

    void copy(S3Request request, BucketName bucket, ObjectKey key, String uploadId, String partNumber)
            throws IOException {
        int number = Parameters.number("partNumber", partNumber, 1, ObjectStore.MAX_PARTS);
        UploadId upload = MultipartEndpoints.upload(uploadId);
        PutTerms.CopySource source =
                CopyEndpoint.source(request.header(CopyEndpoint.SOURCE).orElseThrow());
        Optional<ByteRange.Span> range = request.header(Conditions.COPY_RANGE).map(Conditions::copyRange);
        ReadRequest read = Conditions.copySource(request, source.version(), range.map(span -> span));
        Optional<Checksum.Plan> plan = store.uploadPlan(request.caller(), bucket, key, upload);
        var target = new Target(bucket, key, upload, number, plan);
        var answer = new PatientAnswer(request, errors, clock);
        answer.give(() -> {
            ReadAnswer found = store.read(request.caller(), source.bucket(), source.key(), read);
            PartInfo part = switch (found) {
                case ReadAnswer.Content content -> write(request, target, range, content, answer);
                case ReadAnswer.Unsatisfiable(var info) -> throw pastTheEnd(request, info.size());
                case ReadAnswer.Marker marker -> throw CopyEndpoint.isMarker(marker);
                case ReadAnswer.NotModified unmodified -> throw CopyEndpoint.unexpected(unmodified);
                case ReadAnswer.Described described -> throw CopyEndpoint.unexpected(described);
            };
            return document(part, plan);
        });
    }

    private static XmlWriter document(PartInfo part, Optional<Checksum.Plan> plan) {
        XmlWriter xml = XmlWriter.document("CopyPartResult")
                .element("LastModified", HttpDates.document(part.lastModified()))
                .element("ETag", "\"" + part.etag() + "\"");
        plan.map(found -> ChecksumKind.of(found.algorithm()))
                .ifPresent(kind -> part.checksum().ifPresent(value -> xml.element(kind.element(), value)));
        return xml;
    }

    private PartInfo write(
            S3Request request,
            Target target,
            Optional<ByteRange.Span> range,
            ReadAnswer.Content content,
            PatientAnswer answer)
            throws IOException {
        content.info().version().ifPresent(id -> answer.add(CopyEndpoint.SOURCE_VERSION, id.text()));
        var digests = new ContentDigests(target.plan().map(plan -> ChecksumKind.of(plan.algorithm())));
        try (PartWriter writer = open(request, target, range, content)) {
            // The source is let go before the commit, so that no erasure of it waits for the disk.
            try (content) {
                content.transferTo((bytes, offset, length) -> {
                    digests.update(bytes, offset, length);
                    writer.write(bytes, offset, length);
                    answer.keepAlive();
                });
            }
            ContentDigests.Done done = digests.done();
            return writer.commit(done.md5(), done.checksum());
        }
    }

    /** Opens the part, or lets the source go. */
    private PartWriter open(
            S3Request request, Target target, Optional<ByteRange.Span> range, ReadAnswer.Content content)
            throws IOException {
        try {
            // A read's range is cut at the end of the content; that of a copy must lie within it.
            if (range.isPresent() && range.get().last() >= content.info().size()) {
                throw pastTheEnd(request, content.info().size());
            }
            CopyEndpoint.requireSize(
                    content.length(), settings.maxPutBytes(), "Give a range of it with " + Conditions.COPY_RANGE + ".");
            return store.writePart(
                    request.caller(),
                    target.bucket(),
                    target.key(),
                    target.upload(),
                    target.number(),
                    Encryption.customerKey(request));
        } catch (RuntimeException | IOException fault) {
            content.close();
            throw fault;
        }
    }

    private static S3Refusal pastTheEnd(S3Request request, long size) {
        return S3Refusal.argument(
                Conditions.COPY_RANGE,
                request.header(Conditions.COPY_RANGE).orElse(""),
                "Range specified is not valid for source object of size: " + size
                        + ". The last byte of the range is not"
                        + " one of the object's. End the range below the size.");
    }
}
