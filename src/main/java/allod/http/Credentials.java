package allod.http;

import allod.base.AccessKeyId;
import java.util.Optional;

/** Finds the owner of an access key. Asked for each signed request, by many threads, so it answers from memory. */
@FunctionalInterface
public interface Credentials {
    /** The key's owner; empty if there is no such key or it is disabled. */
    Optional<Identity> find(AccessKeyId id);
}
