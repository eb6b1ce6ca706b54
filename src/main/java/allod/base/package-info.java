/**
 * What nearly every package shares, and nothing more: a {@link allod.base.Problem} that says what, why and what to do
 * next; the {@link allod.base.Disk} below every file that must survive a crash; the names of owners and of those who
 * act. Uses only the JDK. Used by all packages but {@code pact} and {@code log}, which use nothing of ours.
 */
@NullMarked
package allod.base;

import org.jspecify.annotations.NullMarked;
