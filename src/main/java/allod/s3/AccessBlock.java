package allod.s3;

import java.util.List;

/**
 * A bucket's public access block, which wins over its policy and its access lists.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html">Blocking
 *     public access</a>
 */
record AccessBlock(boolean blockAcls, boolean ignoreAcls, boolean blockPolicy, boolean restrictBuckets) {
    static final AccessBlock NONE = new AccessBlock(false, false, false, false);

    private static final List<String> ELEMENTS =
            List.of("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");

    /** @throws S3Refusal MALFORMED_XML */
    static AccessBlock parse(byte[] document) {
        XmlElement block = XmlElement.parse(document, "PublicAccessBlockConfiguration");
        for (XmlElement child : block.children()) {
            if (!ELEMENTS.contains(child.name())) {
                throw XmlElement.malformed("A PublicAccessBlockConfiguration has no " + child.name() + ".");
            }
        }
        return new AccessBlock(
                flag(block, "BlockPublicAcls"),
                flag(block, "IgnorePublicAcls"),
                flag(block, "BlockPublicPolicy"),
                flag(block, "RestrictPublicBuckets"));
    }

    private static boolean flag(XmlElement block, String name) {
        String text = block.childText(name).map(String::strip).orElse("false");
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw XmlElement.malformed(name + " is neither true nor false.");
        };
    }

    XmlWriter document() {
        return XmlWriter.document("PublicAccessBlockConfiguration")
                .element("BlockPublicAcls", blockAcls)
                .element("IgnorePublicAcls", ignoreAcls)
                .element("BlockPublicPolicy", blockPolicy)
                .element("RestrictPublicBuckets", restrictBuckets);
    }
}
