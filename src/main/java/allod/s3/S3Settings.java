package allod.s3;

import allod.store.ObjectStore;
import java.util.List;
import java.util.Locale;

/**
 * How the S3 address presents itself.
 *
 * @param region the one region of all buckets, default {@code us-east-1}; signatures for any region are taken
 * @param domains names under which {@code BUCKET.DOMAIN} means a bucket, lower-case and without port; none by default, so
 *     buckets stand in the path
 * @param hostId what {@code x-amz-id-2} and {@code HostId} say of this server; printable ASCII
 * @param maxPutBytes the most bytes of one PUT, part or copy, default 5 GiB
 */
public record S3Settings(String region, List<String> domains, String hostId, long maxPutBytes) {
    private static final S3Settings DEFAULTS =
            new S3Settings("us-east-1", List.of(), "allod", ObjectStore.MAX_PUT_BYTES);

    /** @throws IllegalArgumentException if the region is blank, a domain is not lower-case, or the limit is below 1 */
    public S3Settings {
        domains = List.copyOf(domains);
        if (region.isBlank() || hostId.isBlank() || maxPutBytes < 1) {
            throw new IllegalArgumentException("region, host id and the limit on a PUT must be set");
        }
        for (String domain : domains) {
            if (domain.isEmpty() || !domain.equals(domain.toLowerCase(Locale.ROOT)) || domain.indexOf(':') >= 0) {
                throw new IllegalArgumentException("a domain is a lower-case name without port, not: " + domain);
            }
        }
    }

    public static S3Settings defaults() {
        return DEFAULTS;
    }

    public S3Settings withRegion(String newRegion) {
        return new S3Settings(newRegion, domains, hostId, maxPutBytes);
    }

    public S3Settings withDomains(List<String> newDomains) {
        return new S3Settings(region, newDomains, hostId, maxPutBytes);
    }

    public S3Settings withMaxPutBytes(long bytes) {
        return new S3Settings(region, domains, hostId, bytes);
    }
}
