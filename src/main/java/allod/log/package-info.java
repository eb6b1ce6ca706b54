/**
 * The transparency log's mathematics and formats: an append-only Merkle tree, its tiles, its proofs, its signed
 * checkpoints and the witnesses' cosignatures, in the public C2SP forms so that other people's tools verify them.
 *
 * <p>Start at {@link allod.log.Checkpoint}, the promise, then {@link allod.log.CompactTree}, which computes it, and
 * {@link allod.log.TiledTree}, which proves it. A customer's side starts at {@link allod.log.TlogProof} and
 * {@link allod.log.WitnessPolicy}; an auditor's at {@link allod.log.LogFsck}. {@link allod.log.Frame} is the one place
 * where an Allod event becomes an opaque entry.
 *
 * <p>Pure functions of bytes: no files, no network, no clock; entries are opaque. Imports {@code java.*} only and
 * nothing of ours, so bad bytes are a {@link allod.log.MalformedException} and a check's answer is a value. Called by
 * store, receipt, audit and the pact address. The words are those of RFC 6962 and C2SP. See docs/formats/log.md.
 */
@NullMarked
package allod.log;

import org.jspecify.annotations.NullMarked;
