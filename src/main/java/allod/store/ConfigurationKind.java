package allod.store;

import java.util.Locale;

/**
 * The documents that configure a bucket, one row each (family {@code C}). A bucket's events name the document, as in
 * {@code bucket.policy.put}.
 */
public enum ConfigurationKind {
    TAGGING(1),
    CORS(2),
    POLICY(3),
    PUBLIC_ACCESS_BLOCK(4),
    OWNERSHIP(5),
    ACL(6),
    LIFECYCLE(7),
    ENCRYPTION(9),
    LOGGING(10),
    NOTIFICATION(11);

    /** The most bytes of one document. */
    public static final int MAX_DOCUMENT = 1 << 20;

    final int code;

    ConfigurationKind(int code) {
        this.code = code;
    }

    /** The name in events, such as {@code public.access.block}. */
    String eventName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
