package allod.store;

import java.util.Map;
import java.util.Optional;

/**
 * What a client says of an object and gets back with it, unchanged. Sealed at rest under a key of the object itself.
 *
 * @param headers content headers under their lower-case names: content-type, content-encoding, content-disposition,
 *     content-language, cache-control, expires
 * @param user user metadata under its lower-case names without the {@code x-amz-meta-} prefix
 * @param tags the object's tags, checked by the caller
 * @param access who else may reach the object; empty where it is its bucket owner's alone
 */
public record ObjectMetadata(
        Map<String, String> headers, Map<String, String> user, Map<String, String> tags, Optional<AccessList> access) {
    /** S3's limit on names and values of user metadata together, in bytes. */
    public static final int MAX_USER_BYTES = 2048;

    public static final ObjectMetadata NONE = new ObjectMetadata(Map.of(), Map.of());

    public ObjectMetadata {
        headers = Map.copyOf(headers);
        user = Map.copyOf(user);
        tags = Map.copyOf(tags);
    }

    /** Without tags, its bucket owner's alone. */
    public ObjectMetadata(Map<String, String> headers, Map<String, String> user) {
        this(headers, user, Map.of(), Optional.empty());
    }

    public ObjectMetadata withTags(Map<String, String> newTags) {
        return new ObjectMetadata(headers, user, newTags, access);
    }

    public ObjectMetadata withAccess(Optional<AccessList> newAccess) {
        return new ObjectMetadata(headers, user, tags, newAccess);
    }
}
