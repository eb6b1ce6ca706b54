/**
 * The whole of Allod, put together: {@link allod.Allod} wires every part and is the only class that knows them all;
 * {@link allod.Config} is what an operator may set, read from a file, the environment and the command line. Called by
 * {@code cli} and by nothing else.
 */
@NullMarked
package allod;

import org.jspecify.annotations.NullMarked;
