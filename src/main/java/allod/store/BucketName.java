package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import java.util.regex.Pattern;

/**
 * The name of a bucket, unique in an installation.
 *
 * @param value 3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit, no
 *     two dots in a row and not in the form of an IPv4 address
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">S3 bucket naming
 *     rules</a>
 */
public record BucketName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    /** @throws Problem INVALID_BUCKET_NAME */
    public BucketName {
        if (!FORM.matcher(value).matches() || ADDRESS.matcher(value).matches()) {
            throw new Problem(
                    Reason.INVALID_BUCKET_NAME,
                    "The bucket name is not valid.",
                    "A name has 3 to 63 lower-case letters, digits, dots and hyphens, begins and ends with a letter or"
                            + " digit, and is not an IP address.",
                    "Choose such a name.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
