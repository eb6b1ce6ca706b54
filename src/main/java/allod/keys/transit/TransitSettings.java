package allod.keys.transit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a transit custodian is reached, and what its operator states.
 *
 * @param id the custodian's name in this installation; small letters, digits and {@code -}, at most 64
 * @param address {@code https://HOST:PORT}; {@code http} only to the machine itself
 * @param mount where the transit engine is mounted, such as {@code transit}, without slashes at its ends
 * @param keyPrefix what the names of this installation's keys begin with; letters, digits, {@code _}, {@code -}
 * @param namespace the namespace that holds the mount, where there is one
 * @param credentials how a token is come by
 * @param caFile PEM file with the certificates to trust instead of the system's
 * @param timeout longest wait for a connection, and again for one whole answer
 * @param noOlderCopies whether the operator states that no snapshots, replicas, backups or disk images of the server are
 *     kept, so that a trimmed version is nowhere any more
 */
public record TransitSettings(
        String id,
        URI address,
        String mount,
        String keyPrefix,
        Optional<String> namespace,
        Credentials credentials,
        Optional<Path> caFile,
        Duration timeout,
        boolean noOlderCopies) {

    /** How a token is come by. */
    public sealed interface Credentials {
        /** A file with the token alone in it; read again whenever it changes. */
        record TokenFile(Path file) implements Credentials {}

        /**
         * The AppRole login.
         *
         * @param roleId file with the role id alone in it
         * @param secretId file with the secret id alone in it
         * @param mount where the AppRole method is enabled, such as {@code approle}
         */
        record AppRole(Path roleId, Path secretId, String mount) implements Credentials {}
    }
}
