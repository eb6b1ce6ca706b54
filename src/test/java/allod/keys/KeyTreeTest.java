package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyTreeTest {
    private static final byte[] DOMAIN = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final MapPages pages = new MapPages();

    @Test
    void random_punctures_erase_their_slots_and_leave_every_other_secret_as_it_was() {
        for (long seed = 1; seed <= 6; seed++) {
            Random random = new Random(seed);
            MapPages map = new MapPages();
            KeyTree tree = map.genesis(DOMAIN, random, new PageCache(1 + random.nextInt(50)));
            Map<Long, byte[]> secrets = new HashMap<>();
            long[] watched = LongStream.range(0, 250).map(i -> slotNear(random)).toArray();
            for (long slot : watched) {
                secrets.put(slot, tree.slotSecret(slot).orElseThrow());
            }
            Set<Long> erased = new HashSet<>();
            for (int round = 0; round < 12; round++) {
                long[] slots = LongStream.range(0, 1 + random.nextInt(60))
                        .map(i -> random.nextBoolean() ? watched[random.nextInt(250)] : slotNear(random))
                        .toArray();
                tree = map.puncture(tree, random, slots);
                LongStream.of(slots).forEach(erased::add);
                assertWatched(seed, tree, secrets, erased);
            }
        }
    }

    private static void assertWatched(long seed, KeyTree tree, Map<Long, byte[]> secrets, Set<Long> erased) {
        secrets.forEach((slot, secret) -> {
            Optional<byte[]> now = tree.slotSecret(slot);
            if (erased.contains(slot)) {
                assertThat(now).as("seed %d, erased slot %d", seed, slot).isEmpty();
                assertProven(tree, slot);
            } else {
                assertThat(now.orElseThrow()).as("seed %d, slot %d", seed, slot).isEqualTo(secret);
                assertThat(tree.pathToEmptySlot(slot))
                        .as("seed %d, slot %d", seed, slot)
                        .isEmpty();
            }
        });
    }

    private static void assertProven(KeyTree tree, long slot) {
        List<PageHeader.OnPath> path = tree.pathToEmptySlot(slot).orElseThrow();
        assertThat(PageHeader.provesEmpty(tree.rootPageId(), tree.height(), DOMAIN, slot, path))
                .isTrue();
        assertThat(PageHeader.provesEmpty(new byte[32], tree.height(), DOMAIN, slot, path))
                .isFalse();
        assertThat(PageHeader.provesEmpty(tree.rootPageId(), tree.height(), new byte[16], slot, path))
                .isFalse();
        assertThat(PageHeader.provesEmpty(tree.rootPageId(), tree.height(), DOMAIN, slot ^ (1L << 35), path))
                .isFalse();
        if (path.size() > 1) {
            List<PageHeader.OnPath> cut = path.subList(0, path.size() - 1);
            assertThat(PageHeader.provesEmpty(tree.rootPageId(), tree.height(), DOMAIN, slot, cut))
                    .isFalse();
        }
    }

    private static long slotNear(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(200);
            case 1 -> random.nextInt(1 << 18);
            default -> random.nextLong(1L << 36);
        };
    }

    /**
     * Everything ever written, and the newest root key: follow every key that can be reached to every page it opens,
     * and derive from every seed found. The same with the root key from before must find the slot.
     */
    @Test
    void all_pages_ever_written_and_the_new_root_key_do_not_yield_an_erased_slot_and_the_old_one_does() {
        Random random = new Random(5);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(100));
        tree = pages.puncture(tree, random, 70, 5000, 1L << 30);
        long slot = 77;
        byte[] secret = tree.slotSecret(slot).orElseThrow();
        byte[] oldKey = tree.rootKey();
        tree = pages.puncture(tree, random, slot);
        tree = pages.puncture(tree, random, 78, 1L << 20);

        assertThat(attack(oldKey, slot)).anyMatch(found -> Arrays.equals(found, secret));
        assertThat(attack(tree.rootKey(), slot)).noneMatch(found -> Arrays.equals(found, secret));
        assertThat(attack(tree.rootKey(), slot)).isEmpty();
    }

    /** Every candidate for the slot's secret that the key leads to, over all pages ever stored. */
    private List<byte[]> attack(byte[] rootKey, long slot) {
        List<byte[]> found = new ArrayList<>();
        SeedDerivation derivation = new SeedDerivation(DOMAIN);
        List<byte[]> keys = new ArrayList<>(List.of(rootKey));
        Set<String> tried = new HashSet<>();
        while (!keys.isEmpty()) {
            byte[] key = keys.removeLast();
            if (!tried.add(Arrays.toString(key))) {
                continue;
            }
            pages.ever.values().stream().flatMap(List::stream).forEach(bytes -> {
                byte[] header = Arrays.copyOf(bytes, PageHeader.lengthWithin(bytes));
                byte[] id = PageHeader.id(header, Sha256.of(Arrays.copyOfRange(bytes, header.length, bytes.length)));
                OpenPage.open(bytes, id, key).ifPresent(page -> harvest(page, slot, derivation, keys, found));
            });
        }
        return found;
    }

    private static void harvest(
            OpenPage page, long slot, SeedDerivation derivation, List<byte[]> keys, List<byte[]> found) {
        PageHeader header = page.header();
        for (int entry = 0; entry < PageHeader.FANOUT; entry++) {
            switch (header.kindAt(entry)) {
                case EMPTY -> {}
                case PAGE -> keys.add(page.secretAt(entry));
                case SEED -> {
                    boolean above = header.index() == PageHeader.indexOf(slot, header.level())
                            && entry == PageHeader.entryOf(slot, header.level());
                    if (above && header.level() == 0) {
                        found.add(page.secretAt(entry));
                    } else if (above) {
                        byte[] node = derivation.leafNode(page.secretAt(entry), header.level() - 1, slot);
                        found.add(derivation.child(node, 0, PageHeader.entryOf(slot, 0)));
                    }
                }
            }
        }
    }

    @Test
    void an_untouched_tree_is_one_page_and_one_delete_makes_six() {
        Random random = new Random(1);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        assertThat(pages.now).hasSize(1);
        Puncture puncture = Puncture.of(tree, new long[] {12345}, 0, random);
        assertThat(puncture.changed()).hasSize(6);
        assertThat(puncture.dropped()).isEmpty();
    }

    @Test
    void pages_whose_slots_are_all_erased_collapse_and_are_dropped() {
        Random random = new Random(2);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        tree = pages.puncture(tree, random, LongStream.range(0, 63).toArray());
        assertThat(pages.now).hasSize(6);
        tree = pages.puncture(tree, random, 63);
        assertThat(pages.now).hasSize(5).doesNotContainKey(new PageName(0, 0));
        tree = pages.puncture(tree, random, LongStream.range(64, 1 << 18).toArray());
        assertThat(pages.now.keySet())
                .containsExactlyInAnyOrder(new PageName(5, 0), new PageName(4, 0), new PageName(3, 0));
        assertThat(tree.slotSecret((1 << 18) - 1)).isEmpty();
        assertThat(tree.slotSecret(1 << 18)).isPresent();
        assertThat(tree.pathToEmptySlot(0).orElseThrow()).hasSize(3);
    }

    @Test
    void puncturing_what_is_empty_rewrites_the_root_page_alone() {
        Random random = new Random(3);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        tree = pages.puncture(tree, random, 9, 9, 8);
        Puncture again = Puncture.of(tree, new long[] {8, 9}, 0, random);
        assertThat(again.changed()).extracting(StoredPage::name).containsExactly(new PageName(5, 0));
        assertThat(again.next().generation()).isEqualTo(3);
        assertThat(again.next().rootPageId()).isNotEqualTo(tree.rootPageId());
    }

    @Test
    void two_attempts_at_one_puncture_share_no_page_and_no_key() {
        Random random = new Random(4);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        Puncture first = Puncture.of(tree, new long[] {1}, 0, random);
        Puncture second = Puncture.of(tree, new long[] {1}, 0, random);
        assertThat(first.next().rootKey()).isNotEqualTo(second.next().rootKey());
        assertThat(first.changed()).doesNotContainAnyElementsOf(second.changed());
    }

    @Test
    void a_tree_grows_by_a_new_root_and_keeps_what_was_below() {
        Random random = new Random(6);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        byte[] kept = tree.slotSecret(1000).orElseThrow();
        long above = 1L << 36;
        KeyTree small = tree;
        assertThatIllegalArgumentException().isThrownBy(() -> small.slotSecret(above));
        assertThat(tree.slotSecret(above - 1)).isPresent();

        tree = pages.puncture(tree, random, 7, above);
        assertThat(tree.height()).isEqualTo(7);
        assertThat(tree.slotSecret(1000)).hasValue(kept);
        assertThat(tree.slotSecret(7)).isEmpty();
        assertThat(tree.slotSecret(above)).isEmpty();
        byte[] next = tree.slotSecret(above + 1).orElseThrow();

        tree = pages.puncture(tree, random, -1L);
        assertThat(tree.height()).isEqualTo(PageHeader.MAX_HEIGHT);
        assertThat(tree.slotSecret(1000)).hasValue(kept);
        assertThat(tree.slotSecret(above + 1)).hasValue(next);
        assertThat(tree.slotSecret(-1L)).isEmpty();
        assertThat(tree.slotSecret(-2L)).isPresent();
        assertProvenWhole(tree, -1L, 7, above);
        assertThat(tree.pathToEmptySlot(-1L).orElseThrow().getFirst().header().kindAt(16))
                .isEqualTo(PageHeader.Kind.EMPTY);
    }

    private static void assertProvenWhole(KeyTree tree, long... slots) {
        for (long slot : slots) {
            List<PageHeader.OnPath> path = tree.pathToEmptySlot(slot).orElseThrow();
            assertThat(PageHeader.provesEmpty(tree.rootPageId(), tree.height(), DOMAIN, slot, path))
                    .isTrue();
        }
    }

    @Test
    void an_empty_old_root_collapses_when_the_tree_grows() {
        Random random = new Random(8);
        OpenPage.Sealed bare = new OpenPage.Entries().seal(DOMAIN, 5, 0, 2, KeyTree.fresh(random));
        pages.commit(List.of(bare.page()), List.of());
        KeyTree tree = new KeyTree(DOMAIN, 2, 6, bare.id(), bare.key(), pages, new PageCache(10));
        Puncture grown = Puncture.of(tree, new long[0], 7, random);
        assertThat(grown.dropped()).containsExactly(new PageName(5, 0));
        assertThat(grown.changed()).hasSize(1);
    }

    @Test
    void a_page_with_any_bit_flipped_is_damage_and_so_is_a_missing_or_an_older_one() {
        Random random = new Random(9);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        tree = pages.puncture(tree, random, 3);
        PageName leaf = new PageName(0, 0);
        byte[] older = pages.stored(leaf);
        tree = pages.puncture(tree, random, 4);
        byte[] good = pages.stored(leaf);
        for (int bit = 0; bit < good.length * 8; bit += 13) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            pages.now.put(leaf, bad);
            assertDamaged(tree);
        }
        pages.now.put(leaf, older);
        assertDamaged(tree);
        pages.now.put(leaf, Arrays.copyOf(good, good.length - 1));
        assertDamaged(tree);
        pages.now.remove(leaf);
        assertDamaged(tree);
        pages.now.put(leaf, good);
        assertThat(tree.slotSecret(5)).isPresent();
    }

    private static void assertDamaged(KeyTree tree) {
        assertThatThrownBy(() -> tree.slotSecret(5))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void a_reader_overtaken_by_a_commit_goes_on_with_the_announced_tree_and_then_the_current_one() {
        Random random = new Random(10);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        tree = pages.puncture(tree, random, 64);
        byte[] secret = tree.slotSecret(70).orElseThrow();
        CurrentTree trees = new CurrentTree(withoutCache(tree));
        Puncture puncture = Puncture.of(tree, new long[] {71}, 0, random);
        trees.announce(puncture.next());
        pages.commit(puncture.changed(), puncture.dropped());
        assertThat(new SlotReader(trees).secret(70)).hasValue(secret);
        assertThat(new SlotReader(trees).secret(71)).isEmpty();
        trees.replace(puncture.next());
        assertThat(new SlotReader(trees).secret(70)).hasValue(secret);
    }

    private KeyTree withoutCache(KeyTree tree) {
        return new KeyTree(
                DOMAIN, tree.generation(), tree.height(), tree.rootPageId(), tree.rootKey(), pages, new PageCache(10));
    }

    @Test
    void a_reader_that_meets_real_damage_says_so() {
        Random random = new Random(11);
        KeyTree tree = pages.genesis(DOMAIN, random, new PageCache(10));
        pages.now.clear();
        SlotReader reader = new SlotReader(new CurrentTree(tree));
        assertThatThrownBy(() -> reader.secret(1))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void the_cache_holds_its_limit_and_takes_nothing_back_from_an_older_generation() {
        Random random = new Random(12);
        PageCache cache = new PageCache(3);
        KeyTree tree = pages.genesis(DOMAIN, random, cache);
        tree = pages.puncture(tree, random, 1, 1L << 12, 1L << 24);
        for (long slot : new long[] {2, 1 + (1L << 12), 1 + (1L << 24)}) {
            assertThat(tree.slotSecret(slot)).isPresent();
        }
        assertThat(cache.size()).isEqualTo(3);
        byte[] id = {1, 2, 3};
        OpenPage page = OpenPage.open(pages.stored(new PageName(5, 0)), tree.rootPageId(), tree.rootKey())
                .orElseThrow();
        cache.drop(List.of(id), 5);
        cache.put(id, page, 4);
        assertThat(cache.get(id)).isEmpty();
        cache.put(id, page, 5);
        assertThat(cache.get(id)).isPresent();
    }

    @Test
    void one_puncture_takes_up_to_its_limit_of_slots() {
        KeyTree tree = pages.genesis(DOMAIN, new Random(13), new PageCache(10));
        long[] most = LongStream.range(0, Puncture.MAX_SLOTS).toArray();
        assertThat(Puncture.of(tree, most, 0, new Random(1)).changed()).hasSize(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Puncture.of(tree, new long[Puncture.MAX_SLOTS + 1], 0, new Random(1)));
    }
}
