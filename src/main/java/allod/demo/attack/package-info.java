/**
 * An attacker with old copies: {@link allod.demo.attack.OldCopyAttack} takes copies of data and custody folders and tries
 * to read content with every key it can find or derive. Written from docs/formats alone, as somebody else would write it:
 * it may use keys and base and nothing else of ours, and parses the map for itself. Called by demo; has a main method of
 * its own.
 */
@NullMarked
package allod.demo.attack;

import org.jspecify.annotations.NullMarked;
