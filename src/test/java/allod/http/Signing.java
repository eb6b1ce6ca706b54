package allod.http;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The key, the day and the bucket of the examples that AWS publishes. */
public final class Signing {
    public static final AccessKeyId KEY = new AccessKeyId("AKIAIOSFODNN7EXAMPLE");
    public static final byte[] SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".getBytes(StandardCharsets.US_ASCII);
    public static final Instant DAY = Instant.parse("2013-05-24T00:00:00Z");
    public static final String HOST = "examplebucket.s3.amazonaws.com";
    public static final String EMPTY = ChunkSignatures.EMPTY_SHA256;
    public static final Identity IDENTITY = new Identity(new TenantId(1), new Principal("root"), KEY, SECRET);

    private Signing() {}

    public static Credentials credentials() {
        return id -> id.equals(KEY) ? Optional.of(IDENTITY) : Optional.empty();
    }

    public static RequestSigner signer(String service, Instant at) {
        return new RequestSigner(KEY, SECRET, "us-east-1", service, InstantSource.fixed(at));
    }

    public static SigV4 verifier(Instant now) {
        return new SigV4("s3", credentials(), InstantSource.fixed(now));
    }
}
