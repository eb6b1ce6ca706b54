package allod.store;

import java.util.List;
import java.util.Optional;

/**
 * Buckets of one owner in the order of their names.
 *
 * @param next the last name of this page where more follow: the next page begins after it
 */
public record BucketPage(List<Bucket> buckets, Optional<String> next) {}
