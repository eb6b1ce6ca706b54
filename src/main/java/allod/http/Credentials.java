package allod.http;

import allod.base.AccessKeyId;
import java.util.Optional;

/** Finds the owner of an access key. Asked for each signed request, by many threads, so it answers from memory. */
@FunctionalInterface
public interface Credentials {
    /** The lasting key's owner; empty if there is no such key or it is disabled. */
    Optional<Identity> find(AccessKeyId id);

    /** Whose a key is that came with a session token; where no sessions are issued every token is invalid. */
    default Session session(AccessKeyId id, String token) {
        return new Session.Invalid();
    }

    /** What a session token is found to be. */
    sealed interface Session {
        record Open(Identity identity) implements Session {}

        /** Not issued here, not for this key, or what it was issued for is no more. */
        record Invalid() implements Session {}

        /** Issued here, and its time is over. */
        record Expired() implements Session {}
    }
}
