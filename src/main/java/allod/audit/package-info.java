/**
 * What a stranger runs: the check of a receipt file, the keys of logs that its reader has pinned, and the check of a
 * whole log. Start at {@link allod.audit.Verify} and {@link allod.audit.Fsck}.
 *
 * <p>Needs no server of ours, and for a receipt no network. Uses base, log, pact and receipt only; nothing it reaches
 * can decrypt content or hold a key, so a verifier can be trusted with less than a server. Called by cli. See
 * docs/verify.md.
 */
@NullMarked
package allod.audit;

import org.jspecify.annotations.NullMarked;
