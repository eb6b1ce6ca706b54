package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import allod.base.Disk;
import allod.base.PowerCutDisk;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.WrappedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors of the custody folder: lost, absent, empty, added, given up, seen again, and cut short by a crash. */
class MirrorsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;

    private final Random random = new Random(5);

    private Path at(String name) {
        return folder.resolve(name);
    }

    private CustodyFolder open(String... names) {
        List<Path> paths = new ArrayList<>();
        for (String name : names) {
            paths.add(at(name));
        }
        return settled(CustodyFolder.open(paths, Disk.real(), random));
    }

    /** As the store does once it has found map and custody to belong together. */
    private static CustodyFolder settled(CustodyFolder custody) {
        custody.settle();
        return custody;
    }

    private static void lose(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<CustodyMirror.State> states(CustodyFolder custody) {
        return custody.mirrors().stream().map(CustodyMirror::state).toList();
    }

    private static String idOf(CustodyFolder custody, int index) {
        return custody.mirrors().get(index).id();
    }

    private static void assertProblem(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(call)
                .satisfies(problem -> assertThat(problem.reason()).isEqualTo(reason));
    }

    @Test
    void a_mirror_whose_folder_is_gone_is_missing_until_it_is_back_and_nothing_is_lost() throws IOException {
        try (CustodyFolder custody = open("one", "two")) {
            assertThat(states(custody)).containsOnly(CustodyMirror.State.PRESENT);
            custody.writeLogHead(new byte[] {1});
        }
        Files.move(at("one"), at("away"));
        try (CustodyFolder custody = open("one", "two")) {
            assertThat(states(custody)).containsExactly(CustodyMirror.State.MISSING, CustodyMirror.State.PRESENT);
            assertThat(custody.mirrors().getFirst().why())
                    .hasValueSatisfying(why -> assertThat(why).contains("no folder"));
            assertProblem(Reason.CUSTODIAN_AWAY, custody::requireAllMirrors);
            assertThat(custody.logHead()).hasValue(new byte[] {1});
            custody.writeLogHead(new byte[] {2});
            assertThat(at("one")).doesNotExist();
        }
        Files.move(at("away"), at("one"));
        try (CustodyFolder custody = open("one", "two")) {
            custody.requireAllMirrors();
            assertThat(custody.logHead()).hasValue(new byte[] {2});
        }
        try (CustodyFolder custody = open("one")) {
            assertThat(custody.logHead()).hasValue(new byte[] {2});
        }
    }

    @Test
    void nothing_is_written_to_a_mirror_before_the_start_has_settled() throws IOException {
        open("one", "two").close();
        try (CustodyFolder custody = open("one")) {
            custody.writeLogHead(new byte[] {1});
            custody.raiseHighWater(Map.of(1, 7L));
        }
        byte[] behind = Files.readAllBytes(at("two").resolve("journal-0000000000000001"));
        Files.move(at("two"), at("elsewhere"));
        List<Path> paths = List.of(at("one"), at("elsewhere"));
        try (CustodyFolder custody = CustodyFolder.open(paths, Disk.real(), random)) {
            assertThat(custody.logHead()).hasValue(new byte[] {1});
            assertThat(custody.highWater(1)).isEqualTo(7);
        }
        assertThat(Files.readAllBytes(at("elsewhere").resolve("journal-0000000000000001")))
                .isEqualTo(behind);
    }

    @Test
    void an_empty_folder_in_its_place_is_filled_and_the_old_mirror_is_still_missed() throws IOException {
        String lost;
        try (CustodyFolder custody = open("one", "two")) {
            lost = idOf(custody, 0);
            custody.raiseHighWater(Map.of(1, 1L << 20));
        }
        lose(at("one"));
        Files.createDirectory(at("one"));
        try (CustodyFolder custody = open("one", "two")) {
            assertThat(states(custody))
                    .containsExactly(
                            CustodyMirror.State.MISSING, CustodyMirror.State.PRESENT, CustodyMirror.State.PRESENT);
            assertProblem(Reason.CUSTODIAN_AWAY, custody::requireAllMirrors);
            custody.forget(lost, NOW);
            custody.forget(lost, NOW.plusSeconds(9));
            custody.requireAllMirrors();
            assertThat(custody.mirrors().getFirst().forgotten()).hasValue(NOW);
        }
        lose(at("two"));
        try (CustodyFolder custody = open("one")) {
            assertThat(custody.highWater(1)).isEqualTo(1L << 20);
        }
    }

    @Test
    void a_mirror_is_added_by_naming_a_new_path_beside_the_others_and_taken_out_by_forgetting_it() {
        try (CustodyFolder custody = open("one")) {
            custody.writeLogHead(new byte[] {7});
            assertProblem(Reason.INVALID_ARGUMENT, () -> custody.forget(idOf(custody, 0), NOW));
            assertProblem(Reason.INVALID_ARGUMENT, () -> custody.forget("0".repeat(32), NOW));
        }
        String added;
        try (CustodyFolder custody = open("new", "one")) {
            custody.requireAllMirrors();
            assertThat(custody.mirrors()).hasSize(2);
            added = idOf(custody, 1);
        }
        try (CustodyFolder custody = open("new")) {
            assertThat(custody.logHead()).hasValue(new byte[] {7});
        }
        try (CustodyFolder custody = open("one")) {
            assertProblem(Reason.CUSTODIAN_AWAY, custody::requireAllMirrors);
            custody.forget(added, NOW);
            custody.requireAllMirrors();
            assertThat(states(custody)).containsExactly(CustodyMirror.State.PRESENT, CustodyMirror.State.FORGOTTEN);
        }
    }

    @Test
    void there_are_at_most_sixteen_mirrors_missing_ones_included() throws IOException {
        String[] sixteen = new String[CustodyFolder.MAX_MIRRORS];
        for (int i = 0; i < sixteen.length; i++) {
            sixteen[i] = "m" + i;
        }
        open(sixteen).close();
        Files.move(at("m3"), at("away"));
        Files.createDirectory(at("m3"));
        assertProblem(Reason.UNUSABLE_FOLDER, () -> open(sixteen));
        lose(at("m3"));
        Files.move(at("away"), at("m3"));
        open(sixteen).close();
    }

    @Test
    void copies_strangers_and_folders_without_identity_are_told_from_mirrors() throws IOException {
        open("one", "two").close();
        open("stranger").close();
        assertProblem(Reason.UNUSABLE_FOLDER, () -> open("one", "stranger"));
        Files.createDirectory(at("copy"));
        try (var files = Files.list(at("one"))) {
            for (Path file : files.toList()) {
                Files.copy(file, at("copy").resolve(file.getFileName()));
            }
        }
        assertProblem(Reason.UNUSABLE_FOLDER, () -> open("one", "copy"));
        Files.delete(at("two").resolve("mirror"));
        try (CustodyFolder custody = open("one", "two")) {
            assertThat(states(custody)).containsExactly(CustodyMirror.State.PRESENT, CustodyMirror.State.MISSING);
        }
        assertProblem(Reason.UNUSABLE_FOLDER, () -> open("two"));
        assertProblem(Reason.UNUSABLE_FOLDER, () -> open("two", "new"));
        assertThat(at("new")).doesNotExist();
    }

    @Test
    void a_mirror_with_a_damaged_journal_is_missing_while_another_is_whole() throws IOException {
        try (CustodyFolder custody = open("one", "two")) {
            custody.writeLogHead(new byte[40]);
            custody.writeLogHead(new byte[41]);
        }
        Path journal = at("one").resolve("journal-0000000000000001");
        byte[] bytes = Files.readAllBytes(journal);
        bytes[100] ^= 1;
        Files.write(journal, bytes);
        try (CustodyFolder custody = open("one", "two")) {
            assertThat(states(custody)).containsExactly(CustodyMirror.State.MISSING, CustodyMirror.State.PRESENT);
            assertThat(custody.logHead()).hasValue(new byte[41]);
        }
        assertProblem(Reason.DAMAGED, () -> open("one"));
    }

    @Test
    void marks_and_head_are_the_highest_found_where_mirrors_were_used_apart() {
        open("one", "two").close();
        try (CustodyFolder custody = open("one")) {
            custody.raiseHighWater(Map.of(1, 100L, 2, 50L));
            custody.writeLogHead(new byte[] {1, 3});
        }
        try (CustodyFolder custody = open("two")) {
            custody.raiseHighWater(Map.of(1, 70L));
            custody.raiseHighWater(Map.of(2, 80L));
            custody.writeLogHead(new byte[] {1, 2});
            custody.writeLogHead(new byte[] {1, 2, 9});
        }
        for (String[] names : List.of(new String[] {"one", "two"}, new String[] {"one"}, new String[] {"two"})) {
            try (CustodyFolder custody = open(names)) {
                assertThat(custody.highWater(1)).isEqualTo(100);
                assertThat(custody.highWater(2)).isEqualTo(80);
                assertThat(custody.logHead()).hasValue(new byte[] {1, 3});
            }
        }
    }

    /** A domain whose map is kept beside, as the store does it. */
    private final class World implements AutoCloseable {
        final CustodyFolder custody;
        final FileCustodian custodian;
        final KeyRing ring;

        World(String... names) {
            custody = open(names);
            custodian = new FileCustodian(custody, false, random);
            ring = new KeyRing(
                    custody, new Custodians(List.of(custodian)), Disk.real(), random, InstantSource.system(), 10);
        }

        void create() {
            KeyRound round = ring.create(1, CustodyPlan.whole(FileCustodian.ID), map);
            round.persist();
            commit(round);
        }

        void start() {
            RootRecord root = Objects.requireNonNull(MirrorsTest.this.root);
            assertThat(ring.choose(1, Optional.of(root))).isInstanceOf(RootChoice.Agreed.class);
            ring.open(1, root, map);
            ring.destroyStrays(List.of(1), List.of(1));
        }

        void erase(long slot) {
            KeyRound round =
                    ring.begin(List.of(new KeyRing.Request(1, ring.intend(1), new long[] {slot}, Optional.empty())));
            round.persist();
            commit(round);
        }

        private void commit(KeyRound round) {
            map.commit(
                    round.changes().getFirst().changed(),
                    round.changes().getFirst().dropped());
            root = round.changes().getFirst().record();
            round.committed();
            round.destroyOldHandles();
        }

        List<String> handles() {
            return custodian.list(ring.domain(1).domain());
        }

        @Override
        public void close() {
            custody.close();
        }
    }

    private final MapPages map = new MapPages();

    @Nullable
    private RootRecord root;

    @Test
    void a_mirror_that_was_given_up_keeps_its_old_key_until_it_is_seen_again_and_overwritten() throws IOException {
        String one;
        String oldHandle;
        try (World world = new World("one", "two")) {
            world.create();
            oldHandle = world.handles().getFirst();
            one = idOf(world.custody, 0);
        }
        try (World world = new World("two")) {
            world.start();
            assertProblem(Reason.CUSTODIAN_AWAY, () -> world.erase(5));
            world.custody.forget(one, NOW);
            world.erase(5);
            assertThat(world.handles()).doesNotContain(oldHandle).hasSize(1);
        }
        byte[] keys = Files.readAllBytes(at("one").resolve("keys"));
        assertThat(KeySector.stateOf(ByteBuffer.wrap(keys, 8192, 4096).slice(), domain()))
                .as("the old key is still there")
                .isEqualTo(KeySector.State.LIVE);
        // Alone it is an older custody folder.
        try (World world = new World("one")) {
            assertThat(world.ring.choose(1, Optional.ofNullable(root))).isInstanceOf(RootChoice.CustodyOlder.class);
        }
        for (int i = 0; i < 2; i++) {
            try (World world = new World("one", "two")) {
                assertThat(world.custody.mirrors().getFirst().forgotten().isPresent())
                        .isEqualTo(i == 0);
                world.start();
                assertThat(world.handles()).doesNotContain(oldHandle).hasSize(1);
                assertThat(world.custody.mirrors())
                        .allMatch(mirror -> mirror.forgotten().isEmpty());
                world.erase(6 + i);
            }
        }
        try (World world = new World("one")) {
            world.start();
            assertThat(world.ring.domain(1).slotSecret(5)).isEmpty();
            assertThat(world.ring.domain(1).slotSecret(9)).isPresent();
        }
    }

    private Domain domain() {
        return new Domain(1, Objects.requireNonNull(root).domain());
    }

    @Test
    void a_mirror_that_is_added_gets_the_current_key_and_opens_everything_alone() throws IOException {
        try (World world = new World("one")) {
            world.create();
            world.erase(1);
        }
        try (World world = new World("one", "new")) {
            world.start();
            world.erase(2);
        }
        lose(at("one"));
        try (World world = new World("new")) {
            world.start();
            assertThat(world.ring.domain(1).slotSecret(1)).isEmpty();
            assertThat(world.ring.domain(1).slotSecret(2)).isEmpty();
            assertThat(world.ring.domain(1).slotSecret(3)).isPresent();
        }
    }

    /** The power goes at any change of any mirror: afterwards all hold the state before the last step, or after it. */
    @Test
    void a_crash_between_mirrors_leaves_the_state_before_or_after_in_all_of_them() throws IOException {
        long seed = Long.getLong("allod.mirrors.seed", System.nanoTime());
        for (int round = 0; round < 25; round++) {
            crashOnce(seed + round, at("round" + round));
        }
    }

    private static void crashOnce(long seed, Path base) throws IOException {
        String when = "seed " + seed;
        var random = new Random(seed);
        List<Path> paths = List.of(base.resolve("a"), base.resolve("b"), base.resolve("c"));
        List<Path> first = random.nextBoolean() ? paths : paths.subList(0, 2);
        settled(CustodyFolder.open(first, Disk.real(), random, 3000)).close();
        Map<Integer, Long> before = Map.of();
        Map<Integer, Long> after = Map.of();
        var disk = new CutAfter(random.nextInt(120));
        @Nullable CustodyFolder running = null;
        try {
            running = CustodyFolder.open(paths, disk, random, 3000);
            running.settle();
            for (int step = 1; step < 40; step++) {
                Map<Integer, Long> next = new HashMap<>(after);
                next.merge(random.nextInt(3), (long) step, Math::max);
                before = after;
                after = next;
                running.raiseHighWater(next);
                before = next;
                running.writeLogHead(new byte[100 + random.nextInt(400)]);
            }
        } catch (CutAfter.PowerCut cut) {
            // What is on the disks now is what counts.
        } finally {
            if (running != null) {
                running.close();
            }
        }
        for (List<Path> opened : List.of(paths, List.of(paths.get(1)), List.of(paths.get(0)), paths)) {
            try (CustodyFolder custody = settled(CustodyFolder.open(opened, Disk.real(), random, 3000))) {
                Map<Integer, Long> found = new HashMap<>();
                for (int domain = 0; domain < 3; domain++) {
                    long mark = custody.highWater(domain);
                    if (mark > 0) {
                        found.put(domain, mark);
                    }
                }
                assertThat(found).as(when).isIn(before, after);
                before = found;
                after = found;
                if (opened.size() > 1) {
                    custody.requireAllMirrors();
                }
            }
        }
    }

    /** A disk on which the power goes after so many changes. */
    private static final class CutAfter extends WrappedDisk {
        private int left;

        CutAfter(int changes) {
            super(new PowerCutDisk(Disk.real()));
            this.left = changes;
        }

        private static final class PowerCut extends Error {
            private static final long serialVersionUID = 1;
        }

        private void change() {
            if (left-- <= 0) {
                ((PowerCutDisk) below).cut();
                throw new PowerCut();
            }
        }

        @Override
        public OpenFile open(Path path, Mode mode) throws IOException {
            return new WrappedFile(super.open(path, mode)) {
                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    change();
                    super.write(source, position);
                }

                @Override
                public void force() throws IOException {
                    change();
                    super.force();
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            change();
            super.rename(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            change();
            super.delete(path);
        }

        @Override
        public void forceFolder(Path path) throws IOException {
            change();
            super.forceFolder(path);
        }
    }
}
