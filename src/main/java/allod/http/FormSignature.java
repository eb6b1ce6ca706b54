package allod.http;

import java.util.Optional;

/**
 * What a browser's form says of its signature, as its fields have it: the signature is made over the policy alone.
 *
 * @param policy the policy's base64, exactly as it came
 * @param token the session token, for a key that was issued for a time
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html">Browser-based
 *     uploads using POST</a>
 */
public record FormSignature(
        String algorithm, String credential, String date, String signature, String policy, Optional<String> token) {}
