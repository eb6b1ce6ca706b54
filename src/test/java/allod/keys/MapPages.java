package allod.keys;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A domain's pages as the map would hold them, and all that was ever written, as an old disk would. */
final class MapPages implements PageSource {
    final Map<PageName, byte[]> now = new HashMap<>();
    final Map<PageName, List<byte[]>> ever = new HashMap<>();

    @Override
    public byte @Nullable [] page(PageName name) {
        return now.get(name);
    }

    byte[] stored(PageName name) {
        return Objects.requireNonNull(now.get(name));
    }

    void commit(List<StoredPage> changed, List<PageName> dropped) {
        for (StoredPage page : changed) {
            now.put(page.name(), page.bytes());
            ever.computeIfAbsent(page.name(), name -> new ArrayList<>()).add(page.bytes());
        }
        dropped.forEach(now::remove);
    }

    /** A new tree over these pages. */
    KeyTree genesis(byte[] domain, RandomGenerator random, PageCache cache) {
        OpenPage.Sealed root = KeyTree.genesis(domain, random);
        commit(List.of(root.page()), List.of());
        return new KeyTree(domain, 1, KeyTree.FIRST_HEIGHT, root.id(), root.key(), this, cache);
    }

    KeyTree puncture(KeyTree tree, RandomGenerator random, long... slots) {
        Puncture puncture = Puncture.of(tree, slots, 0, random);
        commit(puncture.changed(), puncture.dropped());
        tree.cache().drop(puncture.replacedIds(), puncture.next().generation());
        return puncture.next();
    }
}
