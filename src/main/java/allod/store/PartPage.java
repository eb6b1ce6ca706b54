package allod.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Parts of an upload in order of their numbers.
 *
 * @param next where more follow, the last number of this page
 */
public record PartPage(List<PartInfo> parts, Optional<Checksum.Plan> plan, OptionalInt next) {}
