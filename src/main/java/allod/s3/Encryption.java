package allod.s3;

import allod.http.Headers;
import allod.store.CustomerKey;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * What requests and answers say of encryption. All content is sealed with AES-256 (SSE-S3); with SSE-C the customer's key is
 * mixed in, so that the server alone does not open it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html">SSE-C</a>
 */
final class Encryption {
    /** Sealed at rest, so the answer to every request about an object says what is true of all of them. */
    static final String METHOD = "x-amz-server-side-encryption";

    static final String AES256 = "AES256";

    /** Algorithm, key and its MD5 of a request's own object. */
    static final String CUSTOMER = METHOD + "-customer-";

    /** The same of the source of a copy. */
    static final String SOURCE_CUSTOMER = "x-amz-copy-source-server-side-encryption-customer-";

    static final String ALGORITHM = "algorithm";
    static final String KEY = "key";
    static final String KEY_MD5 = "key-md5";

    private Encryption() {}

    /** Whether a header is one of SSE-C. */
    static boolean isCustomers(String prefix, String name) {
        return name.startsWith(prefix)
                && switch (name.substring(prefix.length())) {
                    case ALGORITHM, KEY, KEY_MD5 -> true;
                    default -> false;
                };
    }

    /** The key that the customer brings for the object of the request. */
    static Optional<CustomerKey> customerKey(S3Request request) {
        return key(request, CUSTOMER);
    }

    /** The key that the customer brings for the source of a copy. */
    static Optional<CustomerKey> sourceKey(S3Request request) {
        return key(request, SOURCE_CUSTOMER);
    }

    private static Optional<CustomerKey> key(S3Request request, String prefix) {
        Optional<String> algorithm = request.header(prefix + ALGORITHM);
        Optional<String> key = request.header(prefix + KEY);
        Optional<String> md5 = request.header(prefix + KEY_MD5);
        if (algorithm.isEmpty() && key.isEmpty() && md5.isEmpty()) {
            return Optional.empty();
        }
        requirePrivacy(request);
        if (prefix.equals(CUSTOMER) && request.header(METHOD).isPresent()) {
            throw S3Refusal.argument(
                    METHOD,
                    request.header(METHOD).get(),
                    "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                            + " specified. Send one of them.");
        }
        String named = algorithm.orElseThrow(() -> missing(prefix + ALGORITHM, "a valid encryption algorithm"));
        if (!named.equals(AES256)) {
            throw new S3Refusal(
                    S3Error.INVALID_ENCRYPTION_ALGORITHM,
                    "The encryption request that you specified is not valid. The valid value is AES256. Send that.",
                    new S3Refusal.Detail("ArgumentName", prefix + ALGORITHM),
                    new S3Refusal.Detail("ArgumentValue", named));
        }
        byte[] secret = decode(key.orElseThrow(() -> missing(prefix + KEY, "an appropriate secret key")));
        if (secret.length != CustomerKey.BYTES) {
            throw S3Refusal.argument(
                    prefix + KEY,
                    "",
                    "The secret key was invalid for the specified algorithm. It is not the base64 of"
                            + " 32 bytes. Send such a key.");
        }
        byte[] claimed =
                decode(md5.orElseThrow(() -> missing(prefix + KEY_MD5, "the client calculated MD5 of the secret key")));
        if (!MessageDigest.isEqual(claimed, ChecksumKind.digest("MD5").digest(secret))) {
            throw S3Refusal.argument(
                    prefix + KEY_MD5,
                    md5.get(),
                    "The calculated MD5 hash of the key did not match the hash that was provided. Send the base64 of the"
                            + " MD5 of the key's bytes.");
        }
        return Optional.of(new CustomerKey(secret));
    }

    private static S3Refusal missing(String header, String what) {
        return S3Refusal.argument(
                header,
                "",
                "Requests specifying Server Side Encryption with Customer provided keys must provide " + what
                        + ". The header " + header + " is missing. Send it.");
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** A key travels only where nobody on the way reads it: over TLS, or within this machine. */
    private static void requirePrivacy(S3Request request) {
        if (!request.exchange().secure()
                && !InetAddress.ofLiteral(request.exchange().remoteAddress()).isLoopbackAddress()) {
            throw S3Refusal.request(
                    "Requests specifying Server Side Encryption with Customer provided keys must be made"
                            + " over a secure connection. This one came in the clear. Use https.");
        }
    }

    /** Says of an object how it is encrypted, as the request itself had to know it. */
    static Headers.Builder say(Headers.Builder headers, S3Request request) {
        Optional<String> algorithm = request.header(CUSTOMER + ALGORITHM);
        Optional<String> md5 = request.header(CUSTOMER + KEY_MD5);
        return algorithm.isPresent() && md5.isPresent()
                ? headers.add(CUSTOMER + ALGORITHM, algorithm.get()).add(CUSTOMER + "key-MD5", md5.get())
                : headers.add(METHOD, AES256);
    }
}
