/**
 * Load over the wire, against this server or any other that speaks S3. Start at {@link allod.bench.Load}, which {@code
 * ./build load} runs.
 */
@NullMarked
package allod.bench;

import org.jspecify.annotations.NullMarked;
