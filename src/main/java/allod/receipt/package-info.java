/**
 * What an erasure left as evidence, and its check. Start at {@link allod.receipt.Receipt}, the file a customer takes
 * away; {@link allod.receipt.BatchEvidence}, {@link allod.receipt.ReceiptItem} and
 * {@link allod.receipt.EraseDoneBody} are what the store keeps to assemble it, and {@link allod.receipt.ReceiptCheck}
 * says what holds of it.
 *
 * <p>Values and their one encoding; no files, no network, no clock, no key. Uses base, log, pact, and of keys only
 * {@code PageHeader}, {@code RootRecord}, {@code Evidence} and {@code AssuranceClass}. Called by store, which assembles
 * receipts, and by audit, which checks them without a server. Bad bytes are a
 * {@link allod.log.MalformedException}. See docs/formats/receipt.md.
 */
@NullMarked
package allod.receipt;

import org.jspecify.annotations.NullMarked;
