package allod.keys;

import java.util.Optional;

/**
 * A mirror of the custody folder as the journal knows it.
 *
 * @param id 32 hexadecimal digits
 * @param path where it was last, absolute, at most 4,096 bytes of UTF-8
 * @param forgotten seconds since 1970 when it was given up; it may hold keys that erasures since then destroyed in the
 *     others
 */
record KnownMirror(String id, String path, Optional<Long> forgotten) {
    /** Mirrors that erasures must reach. */
    static final int MAX_MEMBERS = 16;

    /** Mirrors that were given up and not seen again; each is named in every receipt. */
    static final int MAX_FORGOTTEN = 32;

    static final int MAX_PATH_BYTES = 4096;

    boolean isMember() {
        return forgotten.isEmpty();
    }

    KnownMirror at(String newPath) {
        return new KnownMirror(id, newPath, forgotten);
    }

    KnownMirror asMember() {
        return new KnownMirror(id, path, Optional.empty());
    }

    KnownMirror forgottenAt(long seconds) {
        return new KnownMirror(id, path, Optional.of(seconds));
    }
}
