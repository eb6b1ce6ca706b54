/**
 * The pact address: what an owner and everybody else may read of the store beside S3. Start at
 * {@link allod.rights.PactHandler}, which finds the resource that a path names. The log and the pact document are for
 * anyone, receipts, history and "who can read this" for their owner, health and metrics for the operator.
 *
 * <p>Uses {@code store}, {@code http}, the formulas of {@code pact}, and the value types of {@code log} and {@code receipt};
 * called by {@code Allod}.
 * See docs/api.md.
 */
@NullMarked
package allod.rights;

import org.jspecify.annotations.NullMarked;
