/**
 * The whole story on a server of its own, thrown away at the end: {@link allod.demo.Demo}. Objects are written and read with
 * the AWS SDK, deleted, their receipts checked, and then attacked with old copies by {@link allod.demo.attack.OldCopyAttack}.
 * Uses the wiring, receipts, log and audit as a customer would; called by cli.
 */
@NullMarked
package allod.demo;

import org.jspecify.annotations.NullMarked;
