/**
 * The S3 address: HTTP requests in S3's own words become calls of the store, and its answers become S3's answers. Start at
 * {@link allod.s3.S3Handler}; {@link allod.s3.Endpoint} names every operation of S3, served or not. Words are those of the
 * Amazon S3 API reference. Uses {@code store}, {@code http}, {@code base} and the names of receipts; called by the wiring
 * alone. What is served and what is refused, header by header, stands in docs/s3.md.
 */
@NullMarked
package allod.s3;

import org.jspecify.annotations.NullMarked;
