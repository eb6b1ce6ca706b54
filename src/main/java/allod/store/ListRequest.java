package allod.store;

import java.util.Optional;

/**
 * A page of a listing, in unsigned byte order.
 *
 * @param prefix only keys that begin with these bytes; empty for all
 * @param delimiter keys that hold it after the prefix are rolled up to one common prefix each
 * @param after only keys, and common prefixes, above these bytes; keys that roll up to a common prefix equal to it are
 *     passed over too
 * @param limit 0 to 1,000 items
 */
public record ListRequest(byte[] prefix, Optional<byte[]> delimiter, Optional<byte[]> after, int limit) {}
