/**
 * The pact: who can read what, computed from who holds which key, and the law that can reach them. Start at
 * {@link allod.pact.Custody}, a formula over parties, and {@link allod.pact.Readers}, the smallest groups of parties that
 * satisfy it; {@link allod.pact.ReadingStructure} makes the formula of an object, {@link allod.pact.AuthorityCatalogue}
 * holds the law as dated facts.
 *
 * <p>Pure functions: no I/O, no clock, no cryptography; imports java.* only. The words are those of secret sharing
 * (threshold, minimal authorised set) and of the law cited. Called by {@code store}, {@code rights} and {@code Allod};
 * calls nothing. See docs/who-can-read.md.
 */
@NullMarked
package allod.pact;

import org.jspecify.annotations.NullMarked;
