package allod.s3;

import allod.http.Payload;
import allod.http.RequestBody;
import allod.http.VerifyingBody;
import allod.store.ContentSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * The content of one request, checked against all that its signature and its headers say of it. Content is passed on as it
 * comes, so whoever takes it commits only after {@link #transferTo} returned.
 */
final class RequestContent {
    private final RequestBody body;
    private final ClaimedDigests claimed;
    private final Buffers buffers;
    private final long length;

    private RequestContent(RequestBody body, ClaimedDigests claimed, Buffers buffers, long length) {
        this.body = body;
        this.claimed = claimed;
        this.buffers = buffers;
        this.length = length;
    }

    /**
     * Content of an object or part, whose length must be known before it is read.
     *
     * @throws S3Refusal MISSING_CONTENT_LENGTH, ENTITY_TOO_LARGE, and as {@link ClaimedDigests#of}
     */
    static RequestContent ofObject(S3Request request, Buffers buffers, long maxBytes) {
        ClaimedDigests claimed = ClaimedDigests.of(request.headers());
        RequestBody body = open(request);
        long length = body.declaredLength();
        if (length < 0) {
            throw new S3Refusal(
                    S3Error.MISSING_CONTENT_LENGTH,
                    "You must provide the Content-Length HTTP header. Without it the size is not known before the content"
                            + " ends. Send Content-Length, or x-amz-decoded-content-length with aws-chunked content.");
        }
        if (length > maxBytes) {
            throw tooLarge(length, maxBytes);
        }
        return new RequestContent(body, claimed, buffers, length);
    }

    static S3Refusal tooLarge(long length, long maxBytes) {
        return new S3Refusal(
                S3Error.ENTITY_TOO_LARGE,
                "Your proposed upload exceeds the maximum allowed size. It has " + length + " bytes, and one PUT has at"
                        + " most " + maxBytes + ". Upload it in parts.",
                new S3Refusal.Detail("ProposedSize", Long.toString(length)),
                new S3Refusal.Detail("MaxSizeAllowed", Long.toString(maxBytes)));
    }

    private static RequestBody open(S3Request request) {
        RequestBody raw = request.exchange().body();
        return switch (request.authentication().payload()) {
            case Payload.Hashed hashed -> new VerifyingBody(raw, hashed);
            case Payload.Unsigned unsigned -> raw;
            case Payload.SignedChunks chunks ->
                new ChunkedBody(raw, chunks, request.exchange().headers());
            case Payload.UnsignedChunks chunks ->
                new ChunkedBody(raw, chunks, request.exchange().headers());
        };
    }

    /** @throws S3Refusal INVALID_REQUEST if the content comes without a digest */
    void requireDigest() {
        if (claimed.md5().isEmpty() && claimed.kind().isEmpty()) {
            throw S3Refusal.request(
                    "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with"
                            + " Object Lock parameters. What is locked cannot be put right. Send one of them.");
        }
    }

    /** Bytes announced. */
    long length() {
        return length;
    }

    /** The checksum the client sends, if it sends one. */
    Optional<ChecksumKind> kind() {
        return claimed.kind();
    }

    /**
     * Passes all content on and checks it.
     *
     * @param kind the checksum to compute
     * @throws S3Refusal BAD_DIGEST, INCOMPLETE_BODY
     */
    ContentDigests.Done transferTo(ContentSink sink, Optional<ChecksumKind> kind) throws IOException {
        var digests = new ContentDigests(kind);
        byte[] buffer = buffers.take();
        int used = 0;
        try {
            for (int count = body.read(buffer, 0, buffer.length);
                    count >= 0;
                    count = body.read(buffer, 0, buffer.length)) {
                used = Math.max(used, count);
                digests.update(buffer, 0, count);
                if (digests.length() > length) {
                    break;
                }
                sink.write(buffer, 0, count);
            }
        } finally {
            buffers.give(buffer, used);
        }
        if (digests.length() != length) {
            throw new S3Refusal(
                    S3Error.INCOMPLETE_BODY,
                    "You did not provide the number of bytes specified by the Content-Length HTTP header. The content has"
                            + " another length than announced. Send it again.");
        }
        ContentDigests.Done done = digests.done();
        claimed.verify(done, body.trailers());
        return done;
    }

    /**
     * Reads a document whole and checks it.
     *
     * @param requireDigest whether S3 wants a digest for this operation
     * @throws S3Refusal MAX_MESSAGE_LENGTH_EXCEEDED past the limit, and as {@link #transferTo}
     */
    static byte[] document(S3Request request, Buffers buffers, int maxBytes, boolean requireDigest) throws IOException {
        ClaimedDigests claimed = ClaimedDigests.of(request.headers());
        if (requireDigest && claimed.md5().isEmpty() && claimed.kind().isEmpty()) {
            throw S3Refusal.request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*. A"
                    + " document that deletes is taken only with a digest. Send one of them.");
        }
        return read(request, claimed, buffers, maxBytes);
    }

    /** The same for a document whose checksum headers speak of something else: only Content-MD5 is its own. */
    static byte[] documentWithoutChecksum(S3Request request, Buffers buffers, int maxBytes) throws IOException {
        Optional<byte[]> md5 = ClaimedDigests.md5(request.headers());
        return read(request, new ClaimedDigests(md5, Optional.empty(), Optional.empty()), buffers, maxBytes);
    }

    private static byte[] read(S3Request request, ClaimedDigests claimed, Buffers buffers, int maxBytes)
            throws IOException {
        RequestBody body = open(request);
        if (body.declaredLength() > maxBytes) {
            throw documentTooLong(maxBytes);
        }
        var digests = new ContentDigests(claimed.kind());
        var document = new ByteArrayOutputStream((int) Math.max(32, body.declaredLength()));
        byte[] buffer = buffers.take();
        try {
            for (int count = body.read(buffer, 0, buffer.length);
                    count >= 0;
                    count = body.read(buffer, 0, buffer.length)) {
                if (document.size() + count > maxBytes) {
                    throw documentTooLong(maxBytes);
                }
                digests.update(buffer, 0, count);
                document.write(buffer, 0, count);
            }
        } finally {
            buffers.give(buffer, 0);
        }
        claimed.verify(digests.done(), body.trailers());
        return document.toByteArray();
    }

    private static S3Refusal documentTooLong(int maxBytes) {
        return new S3Refusal(
                S3Error.MAX_MESSAGE_LENGTH_EXCEEDED,
                "Your request was too big. The document of this operation has at most " + maxBytes
                        + " bytes. Split the request.",
                new S3Refusal.Detail("MaxMessageLengthBytes", Integer.toString(maxBytes)));
    }
}
