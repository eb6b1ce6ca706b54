/** Measurements of {@link allod.http} alone. */
@NullMarked
package allod.http;

import org.jspecify.annotations.NullMarked;
