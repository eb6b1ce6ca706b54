package allod.keys;

import java.util.List;

/**
 * All that one attempt adds to custody: a generation's root record and the pages in which it differs from the one
 * before. The pages of a domain now are what its packs made of them, one after another.
 *
 * @param domain whose generation it is
 * @param record the generation's record
 * @param changed pages that replace what stood at their places
 * @param dropped places that have no page any longer
 */
public record Pack(Domain domain, RootRecord record, List<StoredPage> changed, List<PageName> dropped) {
    public Pack {
        changed = List.copyOf(changed);
        dropped = List.copyOf(dropped);
    }
}
