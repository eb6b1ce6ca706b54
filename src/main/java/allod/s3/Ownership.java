package allod.s3;

import java.util.Optional;

/**
 * Who owns the objects that others write into a bucket, and with it whether access lists mean anything.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html">Object Ownership</a>
 */
enum Ownership {
    /** The bucket's owner; access lists are off. */
    BUCKET_OWNER_ENFORCED("BucketOwnerEnforced"),
    /** The bucket's owner where the writer gives it full control, else the writer. */
    BUCKET_OWNER_PREFERRED("BucketOwnerPreferred"),
    /** The writer. */
    OBJECT_WRITER("ObjectWriter");

    static final String HEADER = "x-amz-object-ownership";

    private final String spelled;

    Ownership(String spelled) {
        this.spelled = spelled;
    }

    String spelled() {
        return spelled;
    }

    static Optional<Ownership> named(String text) {
        for (Ownership ownership : values()) {
            if (ownership.spelled.equals(text)) {
                return Optional.of(ownership);
            }
        }
        return Optional.empty();
    }

    /** @throws S3Refusal MALFORMED_XML */
    static Ownership parse(byte[] document) {
        XmlElement controls = XmlElement.parse(document, "OwnershipControls");
        boolean one = controls.children().size() == 1
                && controls.children().get(0).name().equals("Rule")
                && controls.children().get(0).children().size() == 1;
        if (!one) {
            throw XmlElement.malformed("OwnershipControls have one Rule with one ObjectOwnership.");
        }
        return named(controls.children().get(0).requiredText("ObjectOwnership").strip())
                .orElseThrow(() -> XmlElement.malformed("There is no such ObjectOwnership."));
    }

    XmlWriter document() {
        return XmlWriter.document("OwnershipControls")
                .open("Rule")
                .element("ObjectOwnership", spelled)
                .close();
    }
}
