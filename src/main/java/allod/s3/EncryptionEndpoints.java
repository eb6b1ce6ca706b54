package allod.s3;

import allod.store.BucketName;
import allod.store.ConfigurationKind;
import allod.store.ObjectStore;
import java.io.IOException;

/**
 * Get-, Put- and DeleteBucketEncryption. Every object is sealed with AES-256 whether or not a bucket says so, which is what
 * S3's own default says; the document only repeats it.
 */
final class EncryptionEndpoints {
    private static final int MAX_DOCUMENT = 1 << 20;
    private static final String ROOT = "ServerSideEncryptionConfiguration";

    private final ObjectStore store;
    private final Buffers buffers;

    EncryptionEndpoints(ObjectStore store, Buffers buffers) {
        this.store = store;
        this.buffers = buffers;
    }

    void get(S3Request request, BucketName bucket) throws IOException {
        byte[] document = store.configuration(request.caller(), bucket, ConfigurationKind.ENCRYPTION)
                .orElseGet(() -> document().toBytes());
        Answers.document(request, document);
    }

    private static XmlWriter document() {
        return XmlWriter.document(ROOT)
                .open("Rule")
                .open("ApplyServerSideEncryptionByDefault")
                .element("SSEAlgorithm", Encryption.AES256)
                .close()
                .element("BucketKeyEnabled", false)
                .close();
    }

    void put(S3Request request, BucketName bucket) throws IOException {
        check(RequestContent.document(request, buffers, MAX_DOCUMENT, false));
        store.putConfiguration(
                request.caller(),
                bucket,
                ConfigurationKind.ENCRYPTION,
                document().toBytes());
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    /** @throws S3Refusal MALFORMED_XML; NOT_IMPLEMENTED for an encryption that would not be done */
    static void check(byte[] document) {
        XmlElement configuration = XmlElement.parse(document, ROOT);
        if (configuration.children().size() != 1
                || !configuration.children().get(0).name().equals("Rule")) {
            throw XmlElement.malformed("It has one Rule.");
        }
        boolean found = false;
        for (XmlElement child : configuration.children().get(0).children()) {
            switch (child.name()) {
                case "ApplyServerSideEncryptionByDefault" -> {
                    checkDefault(child);
                    found = true;
                }
                case "BucketKeyEnabled" -> {
                    if (!child.text().strip().equals("false")) {
                        throw S3Refusal.unserved("BucketKeyEnabled of a bucket's encryption");
                    }
                }
                case "BlockedEncryptionTypes" ->
                    throw S3Refusal.unserved("BlockedEncryptionTypes of a bucket's encryption");
                default -> throw XmlElement.malformed("A Rule has no " + child.name() + ".");
            }
        }
        if (!found) {
            throw XmlElement.malformed("Its Rule lacks ApplyServerSideEncryptionByDefault.");
        }
    }

    private static void checkDefault(XmlElement element) {
        String algorithm = element.requiredText("SSEAlgorithm").strip();
        switch (algorithm) {
            case Encryption.AES256 -> {
                if (element.childText("KMSMasterKeyID").isPresent()) {
                    throw S3Refusal.argument(
                            "KMSMasterKeyID",
                            "",
                            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or"
                                    + " aws:kms:dsse. Leave it out.");
                }
            }
            case "aws:kms", "aws:kms:dsse" -> throw S3Refusal.unserved("SSEAlgorithm " + algorithm);
            default -> throw XmlElement.malformed("There is no SSEAlgorithm " + algorithm + ".");
        }
    }

    void delete(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.ENCRYPTION);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }
}
