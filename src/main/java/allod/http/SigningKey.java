package allod.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that signs one day's requests for one region and service, derived from a secret access key. */
final class SigningKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private SigningKey(SecretKeySpec key) {
        this.key = key;
    }

    /** Four nested HMACs: over the date, the region, the service and the word {@code aws4_request}. */
    static SigningKey derive(byte[] secret, String date, String region, String service) {
        var start = new byte[secret.length + 4];
        System.arraycopy("AWS4".getBytes(StandardCharsets.US_ASCII), 0, start, 0, 4);
        System.arraycopy(secret, 0, start, 4, secret.length);
        byte[] forDate = hmac(new SecretKeySpec(start, ALGORITHM), date);
        byte[] forRegion = hmac(new SecretKeySpec(forDate, ALGORITHM), region);
        byte[] forService = hmac(new SecretKeySpec(forRegion, ALGORITHM), service);
        byte[] result = hmac(new SecretKeySpec(forService, ALGORITHM), "aws4_request");
        Arrays.fill(start, (byte) 0);
        return new SigningKey(new SecretKeySpec(result, ALGORITHM));
    }

    /** @return the signature as 64 lower-case hexadecimal digits */
    String sign(String stringToSign) {
        return HexFormat.of().formatHex(hmac(key, stringToSign));
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[hidden]";
    }
}
