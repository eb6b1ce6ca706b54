package allod.store;

import java.util.Map;

/**
 * What a client says of an object and gets back with it, unchanged. Sealed at rest under a key of the object itself.
 *
 * @param headers content headers under their lower-case names: content-type, content-encoding, content-disposition,
 *     content-language, cache-control, expires
 * @param user user metadata under its lower-case names without the {@code x-amz-meta-} prefix
 */
public record ObjectMetadata(Map<String, String> headers, Map<String, String> user) {
    /** S3's limit on names and values of user metadata together, in bytes. */
    public static final int MAX_USER_BYTES = 2048;

    public static final ObjectMetadata NONE = new ObjectMetadata(Map.of(), Map.of());

    public ObjectMetadata {
        headers = Map.copyOf(headers);
        user = Map.copyOf(user);
    }
}
