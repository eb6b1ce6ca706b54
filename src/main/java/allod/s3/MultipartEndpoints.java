package allod.s3;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Headers;
import allod.store.BucketName;
import allod.store.Checksum;
import allod.store.CompleteRequest;
import allod.store.CustomerKey;
import allod.store.ETag;
import allod.store.ObjectKey;
import allod.store.ObjectMetadata;
import allod.store.ObjectStore;
import allod.store.PartInfo;
import allod.store.PartWriter;
import allod.store.PutAnswer;
import allod.store.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Multipart uploads: create, put parts, complete and abort. */
final class MultipartEndpoints {
    /** The most bytes of a CompleteMultipartUpload: 10,000 parts with ETag and SHA-256, and room. */
    static final int MAX_DOCUMENT = 4 << 20;

    private final ObjectStore store;
    private final S3Settings settings;
    private final Buffers buffers;

    MultipartEndpoints(ObjectStore store, S3Settings settings, Buffers buffers) {
        this.store = store;
        this.settings = settings;
        this.buffers = buffers;
    }

    void create(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        ObjectMetadata metadata = ObjectHeaders.metadata(request.headers()).withTags(request.tags());
        Optional<Checksum.Plan> plan = UploadChecksums.plan(request);
        UploadId id = store.createUpload(
                request.caller(), bucket, key, metadata, plan, request.lock(), Encryption.customerKey(request));
        Headers.Builder headers = Answers.stored(request);
        plan.ifPresent(found -> headers.add(
                        "x-amz-checksum-algorithm", found.algorithm().name())
                .add("x-amz-checksum-type", found.type().name()));
        Answers.xml(
                request.exchange(),
                headers,
                XmlWriter.document("InitiateMultipartUploadResult")
                        .element("Bucket", bucket.value())
                        .element("Key", key.utf8())
                        .element("UploadId", id.toString()));
    }

    void putPart(S3Request request, BucketName bucket, ObjectKey key, String uploadId, String partNumber)
            throws IOException {
        int number = Parameters.number("partNumber", partNumber, 1, ObjectStore.MAX_PARTS);
        UploadId id = upload(uploadId);
        RequestContent content = RequestContent.ofObject(request, buffers, settings.maxPutBytes());
        Optional<Checksum.Plan> plan = store.uploadPlan(request.caller(), bucket, key, id);
        Optional<ChecksumKind> kind = UploadChecksums.ofPart(plan, content.kind());
        PartInfo part;
        Optional<String> value;
        try (PartWriter writer =
                store.writePart(request.caller(), bucket, key, id, number, Encryption.customerKey(request))) {
            ContentDigests.Done done = content.transferTo(writer, kind);
            value = done.checksum();
            part = writer.commit(done.md5(), plan.isPresent() ? value : Optional.empty());
        }
        Headers.Builder headers = Answers.stored(request).add("ETag", "\"" + part.etag() + "\"");
        kind.ifPresent(found -> value.ifPresent(text -> headers.add(found.header(), text)));
        Answers.empty(request.exchange(), 200, headers);
    }

    /** @throws S3Refusal NO_SUCH_UPLOAD if the text names none that could be */
    static UploadId upload(String text) {
        return UploadId.parse(text)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_UPLOAD,
                        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been"
                                + " aborted or completed. Create an upload and use its id.",
                        new S3Refusal.Detail("UploadId", text)));
    }

    void complete(S3Request request, BucketName bucket, ObjectKey key, String uploadId) throws IOException {
        UploadId id = upload(uploadId);
        byte[] document = RequestContent.documentWithoutChecksum(request, buffers, MAX_DOCUMENT);
        List<CompleteRequest.NamedPart> named = parts(document);
        PutAnswer stored;
        Headers.Builder headers = Answers.stored(request);
        try {
            requireKey(request, bucket, key, id);
            stored = complete(request, bucket, key, id, named);
        } catch (Problem problem) {
            if (problem.reason() != Reason.NO_SUCH_UPLOAD) {
                throw problem;
            }
            stored = completedBefore(request, bucket, key, id, named).orElseThrow(() -> problem);
            headers = Answers.headers(request).add(Encryption.METHOD, Encryption.AES256);
        }
        XmlWriter xml = XmlWriter.document("CompleteMultipartUploadResult")
                .element("Location", location(request))
                .element("Bucket", bucket.value())
                .element("Key", key.utf8())
                .element("ETag", "\"" + stored.etag() + "\"");
        stored.checksum()
                .ifPresent(checksum -> xml.element(
                                ChecksumKind.of(checksum.algorithm()).element(), checksum.value())
                        .element("ChecksumType", checksum.type().name()));
        Answers.addVersion(headers, stored.version());
        Answers.xml(request.exchange(), Answers.addExpiration(headers, stored.expiration()), xml);
    }

    /** Completing and listing need no key of the customer's; one that is sent all the same must be the upload's. */
    void requireKey(S3Request request, BucketName bucket, ObjectKey key, UploadId upload) throws IOException {
        Optional<CustomerKey> sent = Encryption.customerKey(request);
        if (sent.isPresent()) {
            store.requireUploadKey(request.caller(), bucket, key, upload, sent.get());
        }
    }

    private PutAnswer complete(
            S3Request request, BucketName bucket, ObjectKey key, UploadId id, List<CompleteRequest.NamedPart> named)
            throws IOException {
        Optional<Checksum.Plan> plan = store.uploadPlan(request.caller(), bucket, key, id);
        // Without a plan a part's checksum was verified as the part came and not kept, so its ETag alone names it.
        List<CompleteRequest.NamedPart> parts = plan.isPresent()
                ? named
                : named.stream()
                        .map(part -> new CompleteRequest.NamedPart(part.number(), part.etag(), Optional.empty()))
                        .toList();
        Optional<Checksum> expected = UploadChecksums.expected(request, plan, parts.size());
        return store.completeUpload(
                request.caller(),
                bucket,
                key,
                id,
                new CompleteRequest(parts, Conditions.write(request), expected, size(request)),
                UploadChecksums.joiner(expected));
    }

    /** S3 answers the same completion again as it did before. */
    private Optional<PutAnswer> completedBefore(
            S3Request request, BucketName bucket, ObjectKey key, UploadId id, List<CompleteRequest.NamedPart> named)
            throws IOException {
        Optional<ETag> joined = UploadChecksums.joinedTag(named);
        return joined.isEmpty()
                ? Optional.empty()
                : store.completedUpload(request.caller(), bucket, key, id, joined.get());
    }

    private static String location(S3Request request) {
        var exchange = request.exchange();
        return (exchange.secure() ? "https://" : "http://") + exchange.host() + exchange.rawPath();
    }

    private static OptionalLong size(S3Request request) {
        Optional<String> text = request.header("x-amz-mp-object-size");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        boolean digits = !text.get().isEmpty()
                && text.get().length() <= 18
                && text.get().chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw S3Refusal.request(
                    "Value for x-amz-mp-object-size header is invalid. It is not a number of bytes. Send"
                            + " the size of all parts together.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /** Reads the document that names the parts. */
    static List<CompleteRequest.NamedPart> parts(byte[] document) {
        if (document.length == 0) {
            throw XmlElement.malformed("It is empty.");
        }
        XmlElement complete = XmlElement.parse(document, "CompleteMultipartUpload");
        var parts = new ArrayList<CompleteRequest.NamedPart>(complete.children().size());
        for (XmlElement child : complete.children()) {
            if (!child.name().equals("Part")) {
                throw XmlElement.malformed("A CompleteMultipartUpload has no " + child.name() + ".");
            }
            parts.add(part(child));
        }
        if (parts.isEmpty() || parts.size() > ObjectStore.MAX_PARTS) {
            throw XmlElement.malformed(
                    "It names " + parts.size() + " parts, and may name 1 to " + ObjectStore.MAX_PARTS + ".");
        }
        return parts;
    }

    private static CompleteRequest.NamedPart part(XmlElement part) {
        Optional<String> checksum = Optional.empty();
        for (XmlElement child : part.children()) {
            boolean ofPart = child.name().equals("PartNumber") || child.name().equals("ETag");
            if (!ofPart && !isChecksum(child.name())) {
                throw XmlElement.malformed("A Part has no " + child.name() + ".");
            }
            if (!ofPart) {
                checksum = Optional.of(child.text().strip());
            }
        }
        int number =
                Parameters.number("PartNumber", part.requiredText("PartNumber").strip(), 1, ObjectStore.MAX_PARTS);
        String etag = part.requiredText("ETag").strip();
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return new CompleteRequest.NamedPart(number, quoted ? etag.substring(1, etag.length() - 1) : etag, checksum);
    }

    private static boolean isChecksum(String element) {
        for (ChecksumKind kind : ChecksumKind.values()) {
            if (kind.element().equals(element)) {
                return true;
            }
        }
        return false;
    }

    void abort(S3Request request, BucketName bucket, ObjectKey key, String uploadId) throws IOException {
        store.abortUpload(request.caller(), bucket, key, upload(uploadId));
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }
}
