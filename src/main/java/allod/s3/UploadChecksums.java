package allod.s3;

import allod.base.Problem;
import allod.base.Reason;
import allod.store.Checksum;
import allod.store.CompleteRequest;
import allod.store.ETag;
import allod.store.PartInfo;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The checksums of an upload: what it plans, and how its parts' digests become the whole's. */
final class UploadChecksums {
    private UploadChecksums() {}

    /** What CreateMultipartUpload asks for. */
    static Optional<Checksum.Plan> plan(S3Request request) {
        Optional<String> algorithm = request.header("x-amz-checksum-algorithm");
        Optional<Checksum.Type> type = type(request);
        if (algorithm.isEmpty()) {
            if (type.isPresent()) {
                throw S3Refusal.request("The x-amz-checksum-type header can only be used with the"
                        + " x-amz-checksum-algorithm header. The algorithm is missing. Send both or neither.");
            }
            return Optional.empty();
        }
        ChecksumKind kind = CopyEndpoint.kind(algorithm.get());
        Checksum.Type planned = type.orElse(kind.usualType());
        if (!kind.allows(planned)) {
            throw S3Refusal.request("The " + planned + " checksum type cannot be used with the " + kind
                    + " checksum algorithm. CRC64NVME is always of the whole object, and what is no CRC never is. Choose"
                    + " another type or algorithm.");
        }
        return Optional.of(new Checksum.Plan(kind.algorithm(), planned));
    }

    /** The value of {@code x-amz-checksum-type}. */
    static Optional<Checksum.Type> type(S3Request request) {
        return request.header("x-amz-checksum-type").map(text -> {
            for (Checksum.Type type : Checksum.Type.values()) {
                if (type.name().equals(text)) {
                    return type;
                }
            }
            throw S3Refusal.request(
                    "Value for x-amz-checksum-type header is invalid. There are COMPOSITE and FULL_OBJECT."
                            + " Send one of them.");
        });
    }

    /**
     * The algorithm a part is digested with: the upload's, else the client's own, which is then checked and not kept.
     *
     * @throws S3Refusal INVALID_REQUEST if the client sends another than the upload's
     */
    static Optional<ChecksumKind> ofPart(Optional<Checksum.Plan> plan, Optional<ChecksumKind> sent) {
        Optional<ChecksumKind> planned = plan.map(found -> ChecksumKind.of(found.algorithm()));
        if (planned.isPresent() && sent.isPresent() && !planned.equals(sent)) {
            throw S3Refusal.request("Checksum Type mismatch occurred, expected checksum Type: "
                    + planned.get().name().toLowerCase(Locale.ROOT) + ", actual checksum Type: "
                    + sent.get().name().toLowerCase(Locale.ROOT)
                    + ". The upload was created for the one. Send it with each part.");
        }
        return planned.or(() -> sent);
    }

    /**
     * The checksum the client says the whole has, in CompleteMultipartUpload.
     *
     * @param parts how many parts the client names
     */
    static Optional<Checksum> expected(S3Request request, Optional<Checksum.Plan> plan, int parts) {
        Optional<Checksum.Type> type = type(request);
        Optional<Checksum> expected = Optional.empty();
        for (ChecksumKind kind : ChecksumKind.values()) {
            Optional<String> value = request.header(kind.header());
            if (value.isPresent()) {
                if (expected.isPresent()) {
                    throw S3Refusal.request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not"
                            + " allowed. Send one of them.");
                }
                expected = Optional.of(expected(kind, value.get(), plan, parts));
            }
        }
        if (type.isPresent() && plan.isPresent() && type.get() != plan.get().type()) {
            throw S3Refusal.request("Value for x-amz-checksum-type header is invalid. The upload was created with "
                    + plan.get().type() + ". Send that or nothing.");
        }
        return expected;
    }

    private static Checksum expected(ChecksumKind kind, String value, Optional<Checksum.Plan> plan, int parts) {
        if (plan.isEmpty() || plan.get().algorithm() != kind.algorithm()) {
            throw S3Refusal.request(
                    "The upload was not created with the " + kind + " checksum algorithm. Its parts have no"
                            + " such checksums to join. Name the algorithm when creating the upload, or leave the header out.");
        }
        boolean composite = plan.get().type() == Checksum.Type.COMPOSITE;
        String suffix = "-" + parts;
        String bare =
                composite && value.endsWith(suffix) ? value.substring(0, value.length() - suffix.length()) : value;
        if (kind.parse(bare).isEmpty()) {
            throw S3Refusal.request("Value for " + kind.header() + " header is invalid. It is not the base64 of such a"
                    + " checksum. Correct it.");
        }
        return new Checksum(kind.algorithm(), plan.get().type(), composite ? bare + suffix : bare);
    }

    /**
     * Joins parts, and refuses if the client expects another checksum.
     *
     * @param expected what the client says
     */
    static CompleteRequest.Joiner joiner(Optional<Checksum> expected) {
        return (parts, plan) -> {
            Optional<Checksum> joined = plan.flatMap(found -> joined(parts, found));
            if (expected.isPresent() && !expected.equals(joined)) {
                throw new Problem(
                        Reason.BAD_DIGEST,
                        "The checksum you specified did not match the calculated checksum.",
                        "The parts joined have another " + expected.get().algorithm() + ".",
                        "Compare the parts' checksums, and upload those again that differ.");
            }
            return new CompleteRequest.Joined(etag(parts), joined);
        };
    }

    /** The tag that parts join to, from their own; empty if one of those is no MD5. */
    static Optional<ETag> joinedTag(List<CompleteRequest.NamedPart> parts) {
        MessageDigest md5 = ChecksumKind.digest("MD5");
        for (CompleteRequest.NamedPart part : parts) {
            if (!part.etag().matches("[0-9a-fA-F]{32}")) {
                return Optional.empty();
            }
            md5.update(HexFormat.of().parseHex(part.etag()));
        }
        return Optional.of(new ETag(md5.digest(), parts.size()));
    }

    private static ETag etag(List<PartInfo> parts) {
        MessageDigest md5 = ChecksumKind.digest("MD5");
        parts.forEach(part -> md5.update(part.md5()));
        return new ETag(md5.digest(), parts.size());
    }

    private static Optional<Checksum> joined(List<PartInfo> parts, Checksum.Plan plan) {
        ChecksumKind kind = ChecksumKind.of(plan.algorithm());
        var values = new ArrayList<byte[]>(parts.size());
        var lengths = new ArrayList<Long>(parts.size());
        for (PartInfo part : parts) {
            Optional<byte[]> value = part.checksum().flatMap(kind::parse);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
            lengths.add(part.size());
        }
        String text = switch (plan.type()) {
            case FULL_OBJECT -> base64(kind.joinWhole(values, lengths));
            case COMPOSITE -> base64(kind.joinComposite(values)) + "-" + parts.size();
        };
        return Optional.of(new Checksum(plan.algorithm(), plan.type(), text));
    }

    private static String base64(byte[] value) {
        return Base64.getEncoder().encodeToString(value);
    }
}
