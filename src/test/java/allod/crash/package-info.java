/**
 * The crash suite: a server in a process of its own is killed under load, again and again, and what it kept is held
 * against what its clients were told. Start at {@link allod.crash.CrashRounds}.
 */
@NullMarked
package allod.crash;

import org.jspecify.annotations.NullMarked;
