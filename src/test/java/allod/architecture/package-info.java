/**
 * Small worlds of classes, each breaking one rule of {@link allod.ArchitectureTest}, which must catch it there; the
 * world {@code all_in_order} breaks none.
 */
@NullMarked
package allod.architecture;

import org.jspecify.annotations.NullMarked;
