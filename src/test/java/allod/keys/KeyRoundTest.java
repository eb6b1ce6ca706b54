package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.WrappedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRoundTest {
    @TempDir
    Path folder;

    private final Random random = new Random(7);

    /** What the store's map would hold: pages and root record of each domain, and the record an erasure replaced. */
    private final Map<Integer, MapPages> pages = new HashMap<>();

    private final Map<Integer, RootRecord> roots = new HashMap<>();
    private final Map<Integer, RootRecord> replaced = new HashMap<>();

    private MapPages mapOf(int number) {
        return Objects.requireNonNull(pages.get(number));
    }

    private RootRecord rootOf(int number) {
        return Objects.requireNonNull(roots.get(number));
    }

    /** The one evidence of domain 1. */
    private static Evidence only(Map<Integer, Destroyed> evidence) {
        return Objects.requireNonNull(evidence.get(1)).evidence().getFirst();
    }

    /** One run of the process. */
    private final class Run implements AutoCloseable {
        final StoppingDisk disk;
        final CustodyFolder custody;
        final FileCustodian custodian;
        final KeyRing ring;

        Run(Optional<FaultPoint> stopAt) {
            disk = new StoppingDisk(stopAt);
            custody = CustodyFolder.open(List.of(folder), disk, random);
            custodian = new FileCustodian(custody, false, random);
            InstantSource clock = () -> Instant.parse("2026-01-02T03:04:05.678901Z");
            ring = new KeyRing(custody, new Custodians(List.of(custodian)), disk, random, clock, 100);
        }

        void create(int number) {
            MapPages map = new MapPages();
            KeyRound round = ring.create(number, CustodyPlan.whole(FileCustodian.ID), map);
            round.persist();
            pages.put(number, map);
            commit(round);
            round.committed();
            assertThat(round.destroyOldHandles()).isEqualTo(Map.of(number, new Destroyed(List.of(), List.of())));
            replaced.remove(number);
        }

        Map<Integer, Destroyed> erase(Map<Integer, long[]> slots) {
            List<KeyRing.Request> requests = new ArrayList<>();
            slots.forEach((number, which) ->
                    requests.add(new KeyRing.Request(number, ring.intend(number), which, Optional.empty())));
            KeyRound round = ring.begin(requests);
            round.persist();
            commit(round);
            disk.reached(FaultPoint.ERASE_COMMITTED);
            round.committed();
            Map<Integer, Destroyed> evidence = round.destroyOldHandles();
            slots.keySet().forEach(replaced::remove);
            return evidence;
        }

        private void commit(KeyRound round) {
            for (KeyRound.Change change : round.changes()) {
                int number = change.domain().number();
                mapOf(number).commit(change.changed(), change.dropped());
                RootRecord before = roots.put(number, change.record());
                if (before != null) {
                    replaced.put(number, before);
                }
            }
        }

        /** The start after a stop, as the store does it. */
        Map<Integer, Destroyed> start() {
            List<KeyRing.Interrupted> interrupted = new ArrayList<>();
            List<Integer> calm = new ArrayList<>();
            roots.forEach((number, map) -> {
                RootChoice choice = ring.choose(number, Optional.of(map));
                assertThat(choice).isInstanceOfAny(RootChoice.Agreed.class, RootChoice.Redo.class);
                ring.open(number, map, mapOf(number));
                if (choice instanceof RootChoice.Redo || replaced.containsKey(number)) {
                    interrupted.add(new KeyRing.Interrupted(number, Optional.ofNullable(replaced.get(number))));
                } else {
                    calm.add(number);
                }
            });
            KeyRound redo = ring.resume(interrupted);
            redo.committed();
            Map<Integer, Destroyed> evidence = redo.destroyOldHandles();
            ring.destroyUnmade(roots.keySet());
            ring.destroyStrays(calm, roots.keySet());
            replaced.clear();
            return evidence;
        }

        @Override
        public void close() {
            custody.close();
        }
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** The machine's disk, on a machine that stops at a fault point. */
    private static final class StoppingDisk extends WrappedDisk {
        private final Optional<FaultPoint> stopAt;
        private boolean armed;

        StoppingDisk(Optional<FaultPoint> stopAt) {
            super(Disk.real());
            this.stopAt = stopAt;
        }

        @Override
        public void reached(FaultPoint point) {
            if (armed && stopAt.equals(Optional.of(point))) {
                throw new Stopped();
            }
        }
    }

    /** A custodian that confirms every destruction and keeps the keys. */
    private static final class LyingCustodian implements ErasableCustodian {
        private final FileCustodian file;
        private final boolean hidesThem;
        private @Nullable String newest;

        LyingCustodian(FileCustodian file, boolean hidesThem) {
            this.file = file;
            this.hidesThem = hidesThem;
        }

        @Override
        public String id() {
            return file.id();
        }

        @Override
        public String kind() {
            return file.kind();
        }

        @Override
        public AssuranceClass assuranceClass() {
            return file.assuranceClass();
        }

        @Override
        public Status status() {
            return file.status();
        }

        @Override
        public List<String> examine() {
            return file.examine();
        }

        @Override
        public List<String> prepare(List<Preparation> preparations) {
            List<String> handles = file.prepare(preparations);
            newest = handles.getLast();
            return handles;
        }

        @Override
        public byte[] wrap(Domain domain, String handle, byte[] secret, byte[] aad) {
            return file.wrap(domain, handle, secret, aad);
        }

        @Override
        public Unwrapped unwrap(Domain domain, String handle, byte[] wrapped, byte[] aad) {
            return file.unwrap(domain, handle, wrapped, aad);
        }

        @Override
        public List<Destruction> destroyAllBut(List<Keep> keeps) {
            return keeps.stream()
                    .map(keep -> new Destruction(keep.domain(), List.of(), assuranceClass(), "certainly"))
                    .toList();
        }

        @Override
        public void destroyUnmade(Collection<Integer> existing) {
            file.destroyUnmade(existing);
        }

        @Override
        public List<String> list(Domain domain) {
            return hidesThem ? List.of(Objects.requireNonNull(newest)) : file.list(domain);
        }
    }

    @Test
    void a_custodian_that_confirms_and_keeps_the_key_is_caught_and_no_evidence_is_given() {
        for (boolean hidesThem : new boolean[] {false, true}) {
            try (Run run = new Run(Optional.empty())) {
                int number = hidesThem ? 2 : 1;
                run.create(number);
                KeyRing ring = new KeyRing(
                        run.custody,
                        new Custodians(List.of(new LyingCustodian(run.custodian, hidesThem))),
                        run.disk,
                        random,
                        InstantSource.system(),
                        10);
                ring.open(number, rootOf(number), mapOf(number));
                KeyRound round = ring.begin(
                        List.of(new KeyRing.Request(number, ring.intend(number), new long[] {1}, Optional.empty())));
                round.persist();
                run.commit(round);
                round.committed();
                assertAway(round::destroyOldHandles);
                assertAway(round::destroyOldHandles);
            }
        }
    }

    @Test
    void an_erasure_leaves_one_handle_alive_and_evidence_of_the_one_that_died() {
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            DomainKeys keys = run.ring.domain(1);
            byte[] kept = keys.slotSecret(6).orElseThrow();
            String oldHandle = keys.root().wraps().getFirst().handle();
            Evidence evidence = only(run.erase(Map.of(1, new long[] {5})));
            assertThat(keys.slotSecret(5)).isEmpty();
            assertThat(keys.slotSecret(6)).hasValue(kept);
            assertThat(keys.root().generation()).isEqualTo(2);
            assertThat(keys.root().previousRecord()).isPresent();
            String newHandle = keys.root().wraps().getFirst().handle();
            assertThat(evidence)
                    .isEqualTo(new Evidence(
                            "file",
                            "file",
                            oldHandle,
                            AssuranceClass.E0,
                            "overwritten with random bytes and synced, mirrors: 1",
                            "unwrap refused: the key file holds no such key",
                            List.of(newHandle),
                            Instant.parse("2026-01-02T03:04:05.678Z")));
            assertThat(run.custody.roots(1).current()).hasValue(keys.root());
            assertThat(run.custody.roots(1).pending()).isEmpty();
        }
    }

    @Test
    void custody_holds_exactly_the_current_pages_after_many_erasures_and_opens_them_for_a_restore() {
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            run.create(2);
            for (int i = 0; i < 30; i++) {
                run.erase(Map.of(1, new long[] {random.nextInt(300)}, 2, new long[] {random.nextLong(1L << 36), i}));
            }
            for (int number : List.of(1, 2)) {
                assertThat(run.custody.currentPageNames(number))
                        .containsExactlyInAnyOrderElementsOf(mapOf(number).now.keySet());
                KeyTree live = run.ring.domain(number).tree();
                DomainKeys restored = run.ring.open(number, rootOf(number), run.custody.currentPages(number));
                for (long slot = 0; slot < 40; slot++) {
                    assertThat(restored.slotSecret(slot).map(Arrays::hashCode))
                            .isEqualTo(live.slotSecret(slot).map(Arrays::hashCode));
                }
            }
        }
    }

    @Test
    void after_a_stop_at_every_point_the_start_finishes_or_abandons_and_no_stray_handle_stays() {
        List<FaultPoint> points = List.of(
                FaultPoint.ERASE_HANDLE_PREPARED,
                FaultPoint.ERASE_PENDING_SYNCED,
                FaultPoint.ERASE_COMMITTED,
                FaultPoint.ERASE_CURRENT_SYNCED,
                FaultPoint.ERASE_HANDLES_DESTROYED);
        try (Run first = new Run(Optional.empty())) {
            first.create(1);
            first.create(2);
        }
        long slot = 10;
        for (FaultPoint point : points) {
            slot++;
            boolean done = point.compareTo(FaultPoint.ERASE_COMMITTED) >= 0;
            byte[] erased;
            try (Run run = new Run(Optional.of(point))) {
                run.start();
                erased = run.ring.domain(1).slotSecret(slot).orElseThrow();
                run.disk.armed = true;
                Map<Integer, long[]> both = Map.of(1, new long[] {slot}, 2, new long[] {slot});
                assertThatExceptionOfType(Stopped.class).as("%s", point).isThrownBy(() -> run.erase(both));
            }
            try (Run run = new Run(Optional.empty())) {
                Map<Integer, Destroyed> evidence = run.start();
                assertThat(evidence.keySet()).as("%s", point).isEqualTo(done ? roots.keySet() : Set.of());
                if (point == FaultPoint.ERASE_HANDLES_DESTROYED) {
                    assertThat(only(evidence).response()).isEqualTo(Evidence.FOUND_DESTROYED);
                }
                for (int number : roots.keySet()) {
                    DomainKeys keys = run.ring.domain(number);
                    assertThat(run.custodian.list(keys.domain()))
                            .as("%s", point)
                            .containsExactly(keys.root().wraps().getFirst().handle());
                    assertThat(run.custody.roots(number).current()).hasValue(keys.root());
                    assertThat(keys.slotSecret(slot).isEmpty()).as("%s", point).isEqualTo(done);
                }
                if (!done) {
                    assertThat(run.ring.domain(1).slotSecret(slot)).hasValue(erased);
                }
                run.erase(Map.of(1, new long[] {slot}));
                assertThat(run.ring.domain(1).slotSecret(slot)).isEmpty();
            }
        }
    }

    @Test
    void an_abandoned_round_changes_nothing_and_the_next_one_takes_its_place() {
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            DomainKeys keys = run.ring.domain(1);
            RootRecord before = keys.root();
            KeyRing.Request request = new KeyRing.Request(1, run.ring.intend(1), new long[] {4}, Optional.empty());
            KeyRound round = run.ring.begin(List.of(request));
            assertThatIllegalStateException().isThrownBy(() -> run.ring.begin(List.of(request)));
            assertThatIllegalStateException().isThrownBy(round::committed);
            assertThatIllegalStateException().isThrownBy(round::destroyOldHandles);
            round.persist();
            round.abandon();
            assertThat(keys.root()).isEqualTo(before);
            assertThat(keys.slotSecret(4)).isPresent();
            run.erase(Map.of(1, new long[] {4}));
            assertThat(run.custodian.list(keys.domain())).hasSize(1);
            assertThat(keys.root().intent().attempt()).isEqualTo(3);
        }
    }

    @Test
    void no_byte_of_a_destroyed_or_abandoned_key_is_left_in_the_key_file() throws IOException {
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            run.create(2);
            for (int round = 0; round < 4; round++) {
                List<byte[]> keysBefore = liveKeys();
                assertThat(keysBefore).hasSize(2);
                run.ring
                        .begin(List.of(new KeyRing.Request(1, run.ring.intend(1), new long[] {1}, Optional.empty())))
                        .abandon();
                List<byte[]> withAbandoned = liveKeys();
                assertThat(withAbandoned).hasSize(3);
                run.erase(Map.of(1, new long[] {round}, 2, new long[] {round}));
                byte[] file = Files.readAllBytes(folder.resolve("keys"));
                for (byte[] key : withAbandoned) {
                    assertThat(contains(file, key)).isFalse();
                }
                assertThat(liveKeys()).hasSize(2);
            }
        }
    }

    /** The keys in the file, by its published format. */
    private List<byte[]> liveKeys() throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve("keys"));
        List<byte[]> keys = new ArrayList<>();
        for (int at = 0; at < file.length; at += 4096) {
            if (new String(file, at, 8, StandardCharsets.US_ASCII).equals("allodKS1")) {
                keys.add(Arrays.copyOfRange(file, at + 44, at + 76));
            }
        }
        return keys;
    }

    /** Whether any 8 bytes in a row of the key are in the file. */
    private static boolean contains(byte[] file, byte[] key) {
        Set<ByteBuffer> parts = new HashSet<>();
        for (int i = 0; i + 8 <= key.length; i++) {
            parts.add(ByteBuffer.wrap(key, i, 8));
        }
        for (int at = 0; at + 8 <= file.length; at++) {
            if (file[at] != 0 && parts.contains(ByteBuffer.wrap(file, at, 8))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void a_sector_torn_by_a_crash_is_overwritten_at_the_next_start() throws IOException {
        Path file = folder.resolve("keys");
        byte[] old;
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            old = liveKeys().getFirst();
            run.erase(Map.of(1, new long[] {1}));
        }
        byte[] torn = Files.readAllBytes(file);
        int sector = new String(torn, 8192, 8, StandardCharsets.US_ASCII).equals("allodKS1") ? 8192 + 4096 : 8192;
        System.arraycopy(old, 0, torn, sector + 44, 32);
        Files.write(file, torn);
        try (Run run = new Run(Optional.empty())) {
            run.start();
        }
        assertThat(contains(Files.readAllBytes(file), old)).isFalse();
    }

    @Test
    void a_domain_whose_key_is_gone_is_away_and_nothing_is_destroyed() throws IOException {
        Path file = folder.resolve("keys");
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
        }
        byte[] keys = Files.readAllBytes(file);
        Files.write(file, new byte[keys.length]);
        try (Run run = new Run(Optional.empty())) {
            assertAway(() -> run.ring.open(1, rootOf(1), mapOf(1)));
            assertAway(() -> run.ring.domain(1));
            assertAway(() -> run.ring.destroyStrays(List.of(1), List.of(1)));
            Domain domain = new Domain(1, rootOf(1).domain());
            assertAway(() ->
                    run.custodian.destroyAllBut(List.of(new ErasableCustodian.Keep(domain, Optional.of("1-00")))));
            assertAway(() -> run.custodian.prepare(
                    List.of(new ErasableCustodian.Preparation(domain, 2, new byte[8], Optional.of("1-00")))));
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(new byte[keys.length]);
        Files.write(file, keys);
        try (Run run = new Run(Optional.empty())) {
            run.start();
            assertThat(run.ring.domain(1).slotSecret(1)).isPresent();
        }
    }

    private static void assertAway(ThrowingCallable call) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(call)
                .satisfies(problem -> assertThat(problem.reason()).isEqualTo(Reason.CUSTODIAN_AWAY));
    }

    @Test
    void a_wrap_opens_only_under_its_own_domain_handle_and_binding() {
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            Domain domain = run.ring.domain(1).domain();
            String handle = run.custodian.list(domain).getFirst();
            byte[] wrapped = run.custodian.wrap(domain, handle, new byte[] {1, 2}, new byte[] {3});
            assertThat(run.custodian.unwrap(domain, handle, wrapped, new byte[] {3}))
                    .isInstanceOfSatisfying(
                            ErasableCustodian.Unwrapped.Opened.class,
                            opened -> assertThat(opened.secret()).containsExactly(1, 2));
            assertThat(run.custodian.unwrap(new Domain(1, new byte[16]), handle, wrapped, new byte[] {3}))
                    .isInstanceOf(ErasableCustodian.Unwrapped.NoSuchHandle.class);
            for (byte[] bad : List.of(new byte[0], new byte[5], Arrays.copyOf(wrapped, wrapped.length - 1))) {
                assertThatExceptionOfType(Problem.class)
                        .isThrownBy(() -> run.custodian.unwrap(domain, handle, bad, new byte[] {3}));
            }
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> run.custodian.unwrap(domain, handle, wrapped, new byte[] {4}));
        }
    }

    @Test
    void a_domain_number_is_used_once_and_the_key_file_ends_at_its_limit() {
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.ring.create(1, CustodyPlan.whole(FileCustodian.ID), new MapPages()));
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() ->
                            run.ring.create(KeyFile.MAX_DOMAINS, CustodyPlan.whole(FileCustodian.ID), new MapPages()));
            run.ring
                    .create(200, CustodyPlan.whole(FileCustodian.ID), new MapPages())
                    .abandon();
            run.create(200);
        }
    }

    @Test
    void the_key_of_a_domain_that_was_never_made_is_destroyed_at_the_next_start_and_no_other() {
        Domain unmade;
        try (Run run = new Run(Optional.empty())) {
            run.create(1);
            unmade = run.ring
                    .create(2, CustodyPlan.whole(FileCustodian.ID), new MapPages())
                    .changes()
                    .getFirst()
                    .domain();
            assertThat(run.custodian.list(unmade)).hasSize(1);
        }
        try (Run run = new Run(Optional.empty())) {
            run.start();
            assertThat(run.custodian.list(unmade)).isEmpty();
            assertThat(run.custodian.list(run.ring.domain(1).domain())).hasSize(1);
        }
    }

    @Test
    void the_file_custodian_claims_more_than_e0_only_where_file_system_and_operator_agree() {
        assertThat(FileCustodian.assurance(true, List.of("ext4", "xfs"))).isEqualTo(AssuranceClass.E1);
        assertThat(FileCustodian.assurance(false, List.of("ext4"))).isEqualTo(AssuranceClass.E0);
        assertThat(FileCustodian.assurance(true, List.of("ext4", "btrfs"))).isEqualTo(AssuranceClass.E0);
        assertThat(FileCustodian.assurance(true, List.of("overlay"))).isEqualTo(AssuranceClass.E0);
    }

    @Test
    void the_examination_of_the_file_custodian_says_where_its_class_comes_from() {
        try (Run run = new Run(Optional.empty())) {
            assertThat(run.custodian.examine()).last().asString().contains("custody.assurance", "class E0");
        }
    }
}
