package allod.s3;

import allod.http.Headers;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The digests a client says its content has, in headers or in a trailer to come.
 *
 * @param md5 16 bytes, from Content-MD5
 * @param kind the checksum's algorithm
 * @param value base64; empty if it comes in the trailer
 */
record ClaimedDigests(Optional<byte[]> md5, Optional<ChecksumKind> kind, Optional<String> value) {
    private static final String SDK_ALGORITHM = "x-amz-sdk-checksum-algorithm";
    private static final String PREFIX = "x-amz-checksum-";

    /** @throws S3Refusal if they contradict each other or cannot be read */
    static ClaimedDigests of(Headers headers) {
        Optional<byte[]> md5 = md5(headers);
        ChecksumKind inHeader = null;
        String value = null;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            ChecksumKind named = name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) ? byHeader(name) : null;
            if (named != null) {
                if (inHeader != null) {
                    throw S3Refusal.request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not"
                            + " allowed. Send one of them.");
                }
                inHeader = named;
                value = headers.value(i);
            }
        }
        Optional<ChecksumKind> inTrailer = headers.first("x-amz-trailer").map(ClaimedDigests::trailer);
        if (inHeader != null && inTrailer.isPresent()) {
            throw S3Refusal.request("Expecting a single x-amz-checksum- header. A checksum stands in the headers and is"
                    + " announced as a trailer. Send one of them.");
        }
        if (inHeader != null && value != null && inHeader.parse(value).isEmpty()) {
            throw S3Refusal.request(
                    "Value for " + inHeader.header() + " header is invalid. It is not the base64 of such"
                            + " a checksum. Compute it over the content and encode it in base64.");
        }
        Optional<ChecksumKind> kind = inHeader == null ? inTrailer : Optional.of(inHeader);
        headers.first(SDK_ALGORITHM).ifPresent(named -> requireSame(named, kind));
        return new ClaimedDigests(md5, kind, Optional.ofNullable(value));
    }

    /** The value of Content-MD5, 16 bytes. */
    static Optional<byte[]> md5(Headers headers) {
        return headers.first("Content-MD5").map(ClaimedDigests::md5);
    }

    private static @Nullable ChecksumKind byHeader(String name) {
        return ChecksumKind.ofHeader(name).orElse(null);
    }

    private static ChecksumKind trailer(String announced) {
        ChecksumKind kind = byHeader(announced.strip());
        if (kind == null) {
            throw S3Refusal.request("The value specified in the x-amz-trailer header is not supported. It names another"
                    + " trailer than one x-amz-checksum- of " + ChecksumKind.NAMES + ". Announce one of"
                    + " them.");
        }
        return kind;
    }

    private static void requireSame(String named, Optional<ChecksumKind> given) {
        if (ChecksumKind.named(named).isEmpty()) {
            throw S3Refusal.request("Value for x-amz-sdk-checksum-algorithm header is invalid. The algorithms are "
                    + ChecksumKind.NAMES + ". Name one of them.");
        }
        if (given.isEmpty()) {
            throw S3Refusal.request("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
                    + " x-amz-trailer headers were found. The checksum is missing. Send it.");
        }
        if (!ChecksumKind.named(named).equals(given)) {
            throw S3Refusal.request(
                    "Value for x-amz-sdk-checksum-algorithm header is invalid. It names another algorithm"
                            + " than the checksum that came. Make them agree.");
        }
    }

    private static byte[] md5(String header) {
        try {
            byte[] md5 = Base64.getDecoder().decode(header.strip());
            if (md5.length == 16) {
                return md5;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new S3Refusal(
                S3Error.INVALID_DIGEST,
                "The Content-MD5 you specified was invalid. It is not the base64 of 16 bytes. Compute the MD5 over the"
                        + " content and encode it in base64.");
    }

    /** @throws S3Refusal BAD_DIGEST if the content is another, INVALID_REQUEST if the promised trailer did not come */
    void verify(ContentDigests.Done content, Headers trailers) {
        if (md5.isPresent() && !MessageDigest.isEqual(md5.get(), content.md5())) {
            throw new S3Refusal(
                    S3Error.BAD_DIGEST,
                    "The Content-MD5 you specified did not match what we received. The content was changed on its way, or"
                            + " the MD5 is of another. Send it again.");
        }
        if (kind.isEmpty()) {
            return;
        }
        ChecksumKind claimed = kind.get();
        String expected = value.or(() -> trailers.first(claimed.header()))
                .orElseThrow(() -> S3Refusal.request("The trailer " + claimed.header()
                        + " was announced and did not come. Send it after the last chunk."));
        if (claimed.parse(expected).isEmpty()) {
            throw S3Refusal.request(
                    "Value for " + claimed.header() + " trailing header is invalid. It is not the base64"
                            + " of such a checksum. Compute it over the content and encode it in base64.");
        }
        if (!Optional.of(expected).equals(content.checksum())) {
            throw new S3Refusal(
                    S3Error.BAD_DIGEST,
                    "The " + claimed
                            + " you specified did not match the calculated checksum. The content was changed on"
                            + " its way, or the checksum is of another. Send it again.");
        }
    }
}
