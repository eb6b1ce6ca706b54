package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of a bucket, unique in an installation.
 *
 * @param value 3 to 63 lower-case letters, digits, dots and hyphens; each label between dots begins and ends with a
 *     letter or digit; not in the form of an IPv4 address, and without the beginnings and ends that S3 keeps for itself
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">S3 bucket naming
 *     rules</a>
 */
public record BucketName(String value) {
    private static final Pattern FORM =
            Pattern.compile("(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    private static final List<String> RESERVED_BEGINNINGS = List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> RESERVED_ENDS = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    /** @throws Problem INVALID_BUCKET_NAME */
    public BucketName {
        if (!FORM.matcher(value).matches()
                || ADDRESS.matcher(value).matches()
                || RESERVED_BEGINNINGS.stream().anyMatch(value::startsWith)
                || RESERVED_ENDS.stream().anyMatch(value::endsWith)) {
            throw new Problem(
                    Reason.INVALID_BUCKET_NAME,
                    "The specified bucket is not valid.",
                    "A name has 3 to 63 lower-case letters, digits, dots and hyphens, begins and ends with a letter or"
                            + " digit, as does each label between dots, is not an IP address, and has no beginning or"
                            + " end that S3 reserves, such as xn-- or -s3alias.",
                    "Choose such a name.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
