package allod.keys;

import org.jspecify.annotations.Nullable;

/**
 * One domain's stored key pages. Whoever implements it answers from the newest committed state, not from an older view:
 * a tree that meets a page newer than itself is read again at the newer root.
 */
@FunctionalInterface
public interface PageSource {
    /** The whole page's bytes, which the caller will not change; null if there is none at that place. */
    byte @Nullable [] page(PageName name);
}
