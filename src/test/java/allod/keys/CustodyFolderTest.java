package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.WrappedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustodyFolderTest {
    @TempDir
    Path folder;

    private final Random random = new Random(1);

    private CustodyFolder open() {
        return CustodyFolder.open(List.of(folder), Disk.real(), random);
    }

    private static Domain domain(int number) {
        byte[] id = new byte[16];
        id[0] = 1;
        return new Domain(number, id);
    }

    private StoredPage page(int level, long index) {
        byte[] bytes = new byte[200 + random.nextInt(3000)];
        random.nextBytes(bytes);
        return new StoredPage(new PageName(level, index), bytes);
    }

    private Pack pack(int domain, long generation, long attempt, int leaves) {
        List<StoredPage> changed = new ArrayList<>(List.of(page(5, 0)));
        for (int i = 0; i < leaves; i++) {
            changed.add(page(0, random.nextInt(50)));
        }
        Map<PageName, StoredPage> once = new HashMap<>();
        changed.forEach(page -> once.put(page.name(), page));
        return new Pack(
                domain(domain),
                RootChoiceTest.record(1, generation, attempt),
                List.copyOf(once.values()),
                once.containsKey(new PageName(0, 50)) ? List.of() : List.of(new PageName(0, generation % 50 + 50)));
    }

    private static CustodyFolder.Mark mark(Pack pack) {
        return new CustodyFolder.Mark(pack.domain(), pack.record());
    }

    @Test
    void a_folder_keeps_its_installation() {
        byte[] installation;
        try (CustodyFolder custody = open()) {
            installation = custody.installation();
        }
        try (CustodyFolder custody = open()) {
            assertThat(custody.installation()).isEqualTo(installation);
            assertThat(custody.mirrors()).singleElement().satisfies(mirror -> {
                assertThat(mirror.state()).isEqualTo(CustodyMirror.State.PRESENT);
                assertThat(mirror.path()).isEqualTo(folder.toAbsolutePath().toString());
            });
        }
    }

    @Test
    void a_second_opening_is_refused_while_the_first_lasts() {
        try (CustodyFolder first = open()) {
            first.requireAllMirrors();
            assertProblem(Reason.UNUSABLE_FOLDER, this::open);
        }
        open().close();
    }

    @Test
    void what_is_pending_becomes_current_when_it_is_marked_and_its_pages_fold_into_those_before() {
        Pack first = new Pack(
                domain(1), RootChoiceTest.record(1, 1, 1), List.of(page(5, 0), page(0, 1), page(0, 2)), List.of());
        Pack second = new Pack(
                domain(1),
                RootChoiceTest.record(1, 2, 2),
                List.of(page(5, 0), page(0, 2)),
                List.of(new PageName(0, 1)));
        try (CustodyFolder custody = open()) {
            custody.appendPending(List.of(first));
            assertThat(custody.readBack(List.of(first))).containsExactly(first);
            assertThat(custody.roots(1))
                    .isEqualTo(new CustodyFolder.Roots(Optional.empty(), Optional.of(first.record())));
            assertThat(custody.domains()).isEmpty();
            custody.markCurrent(List.of(mark(first)));
            custody.markCurrent(List.of(mark(first)));
            custody.appendPending(List.of(second));
            assertThatIllegalStateException().isThrownBy(() -> custody.markCurrent(List.of(mark(pack(1, 3, 3, 0)))));
        }
        try (CustodyFolder custody = open()) {
            assertThat(custody.roots(1))
                    .isEqualTo(new CustodyFolder.Roots(Optional.of(first.record()), Optional.of(second.record())));
            assertThat(custody.currentPages(1).page(new PageName(0, 2)))
                    .isEqualTo(first.changed().get(2).bytes());
            custody.markCurrent(List.of(mark(second)));
            assertThat(custody.domains()).containsExactly(domain(1));
            assertThat(custody.currentPageNames(1)).containsExactlyInAnyOrder(new PageName(5, 0), new PageName(0, 2));
            assertThat(custody.currentPages(1).page(new PageName(0, 2)))
                    .isEqualTo(second.changed().get(1).bytes());
            assertThat(custody.currentPages(1).page(new PageName(0, 1))).isNull();
        }
    }

    @Test
    void high_water_marks_and_the_log_head_survive_and_marks_never_go_back() {
        try (CustodyFolder custody = open()) {
            assertThat(custody.highWater(3)).isZero();
            assertThat(custody.logHead()).isEmpty();
            custody.raiseHighWater(Map.of(3, 1L << 20, 4, -1L));
            custody.writeLogHead(new byte[] {7, 8});
            assertThatIllegalArgumentException().isThrownBy(() -> custody.raiseHighWater(Map.of(3, 5L)));
            custody.writeLogHead(new byte[CustodyFolder.MAX_LOG_HEAD_BYTES]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> custody.writeLogHead(new byte[CustodyFolder.MAX_LOG_HEAD_BYTES + 1]));
            custody.writeLogHead(new byte[] {9});
        }
        try (CustodyFolder custody = open()) {
            assertThat(custody.highWater(3)).isEqualTo(1L << 20);
            assertThat(custody.highWater(4)).isEqualTo(-1L);
            assertThat(custody.logHead()).hasValue(new byte[] {9});
        }
    }

    @Test
    void a_tail_torn_at_any_byte_is_cut_off_and_all_before_it_stays() throws IOException {
        Path journal = folder.resolve("journal-0000000000000001");
        long before;
        long after;
        try (CustodyFolder custody = open()) {
            custody.writeLogHead("before".getBytes(StandardCharsets.UTF_8));
            before = Files.size(journal);
            custody.appendPending(List.of(pack(1, 1, 1, 0)));
            after = Files.size(journal);
        }
        byte[] whole = Files.readAllBytes(journal);
        for (int length = (int) before; length < after; length += length < before + 60 ? 2 : 211) {
            Files.write(journal, Arrays.copyOf(whole, length));
            assertHasOnlyTheHead();
            Files.write(journal, Arrays.copyOf(Arrays.copyOf(whole, length), (int) after));
            assertHasOnlyTheHead();
        }
    }

    private void assertHasOnlyTheHead() {
        try (CustodyFolder custody = open()) {
            assertThat(custody.logHead()).hasValue("before".getBytes(StandardCharsets.UTF_8));
            assertThat(custody.roots(1).pending()).isEmpty();
            custody.raiseHighWater(Map.of(9, 1L));
        }
        try (CustodyFolder custody = open()) {
            assertThat(custody.highWater(9)).isEqualTo(1);
        }
    }

    @Test
    void a_flipped_bit_before_a_whole_append_is_damage_and_never_taken_for_a_torn_tail() throws IOException {
        Path journal = folder.resolve("journal-0000000000000001");
        try (CustodyFolder custody = open()) {
            custody.writeLogHead(new byte[40]);
            custody.raiseHighWater(Map.of(1, 5L));
            custody.writeLogHead(new byte[41]);
        }
        byte[] whole = Files.readAllBytes(journal);
        int lastFrame = Segment.FRAME_EXTRA_BYTES + JournalEntry.HEAD_BYTES + 41;
        for (int bit = 0; bit < (whole.length - lastFrame) * 8; bit += 13) {
            byte[] bad = whole.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(journal, bad);
            assertProblem(Reason.DAMAGED, this::open);
        }
        Files.write(journal, whole);
        open().close();
    }

    @Test
    void a_segment_that_a_crash_left_half_made_is_made_again() throws IOException {
        try (CustodyFolder custody = open()) {
            custody.writeLogHead(new byte[] {1});
        }
        for (int length : new int[] {0, 10, Segment.HEADER_BYTES}) {
            Files.write(folder.resolve("journal-0000000000000002"), new byte[length]);
            try (CustodyFolder custody = open()) {
                assertThat(custody.logHead()).hasValue(new byte[] {1});
            }
        }
    }

    @Test
    void old_segments_go_while_the_state_stays_and_the_journal_stays_within_its_bound() throws IOException {
        for (long seed = 1; seed <= 2; seed++) {
            Path path = folder.resolve("seed" + seed);
            Random steps = new Random(seed);
            Map<String, Object> model = new HashMap<>();
            long segment = 10_000;
            CustodyFolder custody = CustodyFolder.open(List.of(path), Disk.real(), steps, segment);
            long[] generation = new long[3];
            for (int step = 0; step < 120; step++) {
                int domain = steps.nextInt(3);
                Pack pack = pack(domain, generation[domain] + 1, step + 1, steps.nextInt(6));
                custody.appendPending(List.of(pack));
                custody.writeLogHead(new byte[] {(byte) step});
                if (steps.nextInt(4) > 0) {
                    custody.markCurrent(List.of(mark(pack)));
                    generation[domain]++;
                    model.put("current" + domain, pack.record());
                    pack.changed().forEach(p -> model.put(domain + "/" + p.name(), p.bytes()));
                    pack.dropped().forEach(name -> model.remove(domain + "/" + name));
                    model.remove("pending" + domain);
                } else {
                    model.put("pending" + domain, pack.record());
                }
                custody.raiseHighWater(Map.of(domain, (long) step));
                model.put("water" + domain, (long) step);
                if (steps.nextInt(40) == 0) {
                    custody.close();
                    custody = CustodyFolder.open(List.of(path), Disk.real(), steps, segment);
                    assertState("seed " + seed + " step " + step, custody, model, step);
                }
            }
            assertState("seed " + seed, custody, model, 119);
            custody.close();
            assertThat(sizeOf(path)).as("seed %d", seed).isLessThan(2 * liveBytes(model) + 5 * segment);
        }
    }

    private static void assertState(String when, CustodyFolder custody, Map<String, Object> model, int step) {
        for (int domain = 0; domain < 3; domain++) {
            CustodyFolder.Roots roots = custody.roots(domain);
            assertThat(roots.current()).as(when).isEqualTo(Optional.ofNullable(model.get("current" + domain)));
            assertThat(roots.pending()).as(when).isEqualTo(Optional.ofNullable(model.get("pending" + domain)));
            assertThat(custody.highWater(domain)).as(when).isEqualTo(model.getOrDefault("water" + domain, 0L));
            for (PageName name : custody.currentPageNames(domain)) {
                assertThat(custody.currentPages(domain).page(name)).as(when).isEqualTo(model.get(domain + "/" + name));
            }
            String prefix = domain + "/";
            long pages = model.keySet().stream()
                    .filter(key -> key.startsWith(prefix))
                    .count();
            assertThat((long) custody.currentPageNames(domain).size()).as(when).isEqualTo(pages);
        }
        assertThat(custody.logHead()).as(when).hasValue(new byte[] {(byte) step});
    }

    private static long sizeOf(Path path) throws IOException {
        long size = 0;
        try (var files = Files.list(path)) {
            for (Path file :
                    files.filter(f -> f.toString().contains("journal-")).toList()) {
                size += Files.size(file);
            }
        }
        return size;
    }

    private static long liveBytes(Map<String, Object> model) {
        return model.values().stream()
                .filter(byte[].class::isInstance)
                .mapToLong(bytes -> ((byte[]) bytes).length)
                .sum();
    }

    @Test
    void every_mirror_takes_every_write_and_one_left_behind_takes_over_the_newest_state() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        List<Path> both = List.of(one, two);
        Pack first = pack(1, 1, 1, 4);
        try (CustodyFolder custody = CustodyFolder.open(both, Disk.real(), random)) {
            custody.settle();
        }
        byte[] early = Files.readAllBytes(two.resolve("journal-0000000000000001"));
        try (CustodyFolder custody = CustodyFolder.open(both, Disk.real(), random)) {
            custody.appendPending(List.of(first));
            custody.readBack(List.of(first));
            custody.markCurrent(List.of(mark(first)));
            custody.writeLogHead(new byte[] {4});
        }
        Files.write(two.resolve("journal-0000000000000001"), early);
        try (CustodyFolder custody = CustodyFolder.open(both, Disk.real(), random)) {
            custody.settle();
        }
        try (CustodyFolder custody = CustodyFolder.open(List.of(two), Disk.real(), random)) {
            assertThat(custody.logHead()).hasValue(new byte[] {4});
            assertThat(custody.roots(1).current()).hasValue(first.record());
            assertThat(custody.currentPageNames(1)).hasSize(first.changed().size());
            assertProblem(Reason.CUSTODIAN_AWAY, custody::requireAllMirrors);
        }
        try (CustodyFolder custody = CustodyFolder.open(both, Disk.real(), random)) {
            custody.requireAllMirrors();
        }
    }

    @Test
    void a_folder_without_its_identity_or_on_a_network_file_system_is_refused() throws IOException {
        open().close();
        Files.delete(folder.resolve("mirror"));
        assertProblem(Reason.UNUSABLE_FOLDER, this::open);
        assertProblem(Reason.UNUSABLE_FOLDER, () -> Mirror.requireUsable(folder, "nfs4"));
        Mirror.requireUsable(folder, "overlay");
    }

    @Test
    void a_mirror_that_fails_is_missing_from_then_on_and_after_the_last_one_nothing_goes() {
        Path one = folder.resolve("one");
        FailingDisk disk = new FailingDisk();
        CustodyFolder custody = CustodyFolder.open(List.of(one, folder.resolve("two")), disk, random);
        custody.requireAllMirrors();
        disk.failing = one;
        custody.writeLogHead(new byte[] {1});
        assertThat(custody.logHead()).hasValue(new byte[] {1});
        assertProblem(Reason.CUSTODIAN_AWAY, custody::requireAllMirrors);
        disk.failing = folder;
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> custody.writeLogHead(new byte[] {2}));
        disk.failing = null;
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> custody.writeLogHead(new byte[] {3}));
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(custody::logHead);
        custody.close();
    }

    /** The machine's disk, where syncs below one folder fail. */
    private static final class FailingDisk extends WrappedDisk {
        @Nullable
        Path failing;

        FailingDisk() {
            super(Disk.real());
        }

        @Override
        public OpenFile open(Path path, Mode mode) throws IOException {
            OpenFile file = super.open(path, mode);
            return new OpenFile() {
                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return file.read(target, position);
                }

                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    file.write(source, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void force() throws IOException {
                    if (failing != null && path.startsWith(failing)) {
                        throw new IOException("the disk failed");
                    }
                    file.force();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }
    }

    private static void assertProblem(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(call)
                .satisfies(problem -> assertThat(problem.reason()).isEqualTo(reason));
    }
}
