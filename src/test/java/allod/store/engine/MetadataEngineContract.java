package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every metadata engine keeps; each engine runs all of it. */
abstract class MetadataEngineContract {
    private MetadataEngine engine = MetadataEngine.memory();

    /** A new, empty engine. */
    abstract MetadataEngine open() throws IOException;

    @BeforeEach
    void openEmpty() throws IOException {
        engine = open();
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void a_committed_value_is_read_back_and_an_absent_key_is_null() throws IOException {
        put("oa", "1");
        assertThat(text(engine.get(bytes("oa")))).isEqualTo("1");
        assertThat(engine.get(bytes("ob"))).isNull();
    }

    @Test
    void an_empty_value_is_a_value() throws IOException {
        commit(new Write.Put(bytes("B"), new byte[0]));
        assertThat(engine.get(bytes("B"))).isEmpty();
        engine.commit(List.of(new Guard(bytes("B"), new byte[0])), List.of());
        assertThatThrownBy(() -> engine.commit(List.of(new Guard(bytes("B"), null)), List.of()))
                .isInstanceOf(GuardFailedException.class);
    }

    @Test
    void a_deleted_key_is_gone_and_deleting_an_absent_one_is_fine() throws IOException {
        put("oa", "1");
        commit(new Write.Delete(bytes("oa")), new Write.Delete(bytes("never")));
        assertThat(engine.get(bytes("oa"))).isNull();
        assertThat(walk(engine, "o", "p")).isEmpty();
    }

    @Test
    void of_several_writes_to_one_key_the_last_holds() throws IOException {
        commit(
                putting("oa", "1"),
                new Write.Delete(bytes("oa")),
                putting("oa", "2"),
                putting("ob", "3"),
                deleting("ob"));
        assertThat(walk(engine, "o", "p")).containsExactly("oa=2");
    }

    @Test
    void a_commit_spans_all_families() throws IOException {
        commit(putting("oa", "1"), putting("sa", "2"), putting("ea", "3"), putting("ka", "4"), putting("!", "5"));
        for (String key : List.of("oa", "sa", "ea", "ka", "!")) {
            assertThat(engine.get(bytes(key))).as(key).isNotNull();
        }
    }

    @Test
    void a_guard_that_does_not_hold_stops_the_whole_commit_and_names_itself() throws IOException {
        put("oa", "1");
        assertThatThrownBy(() -> engine.commit(
                        List.of(new Guard(bytes("oa"), bytes("1")), new Guard(bytes("sb"), bytes("x"))),
                        List.of(putting("oa", "2"), putting("sc", "3"))))
                .isInstanceOfSatisfying(
                        GuardFailedException.class, e -> assertThat(e.index()).isEqualTo(1));
        assertThat(text(engine.get(bytes("oa")))).isEqualTo("1");
        assertThat(engine.get(bytes("sc"))).isNull();
        engine.commit(
                List.of(new Guard(bytes("oa"), bytes("1")), new Guard(bytes("sb"), null)), List.of(deleting("oa")));
        assertThat(engine.get(bytes("oa"))).isNull();
    }

    @Test
    void guards_see_the_map_before_the_writes_of_their_commit() throws IOException {
        engine.commit(List.of(new Guard(bytes("oa"), null)), List.of(putting("oa", "1")));
        assertThat(text(engine.get(bytes("oa")))).isEqualTo("1");
    }

    @Test
    void keys_have_1_to_4096_bytes() throws IOException {
        byte[] longest = new byte[4096];
        longest[0] = 'o';
        byte[] tooLong = Arrays.copyOf(longest, 4097);
        commit(new Write.Put(longest, bytes("1")));
        assertThat(engine.get(longest)).isNotNull();
        for (byte[] key : List.of(tooLong, new byte[0])) {
            assertThatThrownBy(() -> commit(new Write.Put(key, bytes("1"))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.get(key)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.scan(key, bytes("p"))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void values_have_up_to_16_mib_and_come_back_whole() throws IOException {
        byte[] largest = new byte[16 << 20];
        new Random(1).nextBytes(largest);
        commit(new Write.Put(bytes("sa"), largest));
        assertThat(engine.get(bytes("sa"))).isEqualTo(largest);
        assertThatThrownBy(() -> commit(putting("oa", "1"), new Write.Put(bytes("sb"), new byte[largest.length + 1])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(engine.get(bytes("oa"))).isNull();
    }

    @Test
    void arrays_are_copied_in_and_out() throws IOException {
        byte[] key = bytes("oa");
        byte[] value = bytes("1");
        commit(new Write.Put(key, value));
        key[1] = 'z';
        value[0] = 'z';
        byte[] read = Objects.requireNonNull(engine.get(bytes("oa")));
        assertThat(text(read)).isEqualTo("1");
        read[0] = 'z';
        assertThat(text(engine.get(bytes("oa")))).isEqualTo("1");
    }

    @Test
    void a_scan_takes_its_start_and_leaves_its_end() throws IOException {
        commit(putting("oa", "1"), putting("ob", "2"), putting("oc", "3"));
        assertThat(walk(engine, "oa", "oc")).containsExactly("oa=1", "ob=2");
        assertThat(walk(engine, "oa\0", "oc\0")).containsExactly("ob=2", "oc=3");
        assertThat(walk(engine, "ob", "ob")).isEmpty();
        assertThat(walk(engine, "oc", "oa")).isEmpty();
    }

    @Test
    void keys_are_ordered_as_unsigned_bytes() throws IOException {
        byte[] low = {'o', 0x7f};
        byte[] high = {'o', (byte) 0x80};
        byte[] highest = {'o', (byte) 0xff, (byte) 0xff};
        commit(new Write.Put(highest, bytes("3")), new Write.Put(high, bytes("2")), new Write.Put(low, bytes("1")));
        assertThat(walk(engine, "o", "p"))
                .extracting(e -> e.substring(e.length() - 1))
                .containsExactly("1", "2", "3");
    }

    @Test
    void a_scan_to_the_end_of_its_family_sees_no_neighbour() throws IOException {
        commit(putting("r", "0"), putting("s", "1"), putting("sz", "2"), putting("t", "3"));
        assertThat(walk(engine, "s", "t")).containsExactly("s=1", "sz=2");
    }

    @Test
    void a_range_over_two_families_is_refused() {
        assertThatThrownBy(() -> engine.scan(bytes("sa"), bytes("ta"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.scan(bytes("sa"), bytes("u"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.scan(bytes("sa"), bytes("r"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.floor(bytes("sa"), bytes("t"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_cursor_stands_on_nothing_before_its_first_step_and_after_its_last() throws IOException {
        put("oa", "1");
        try (Cursor cursor = engine.scan(bytes("o"), bytes("p"))) {
            assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
            assertThat(cursor.next()).isTrue();
            assertThat(text(cursor.key())).isEqualTo("oa");
            assertThat(cursor.next()).isFalse();
            assertThat(cursor.next()).isFalse();
            assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_seek_goes_to_the_key_or_the_next_one_forth_and_back_and_stays_in_the_range() throws IOException {
        commit(putting("oa", "0"), putting("ob", "1"), putting("od", "2"), putting("of", "3"), putting("oz", "4"));
        try (Cursor cursor = engine.scan(bytes("ob"), bytes("oz"))) {
            assertThat(sought(cursor, "oc")).isEqualTo("od");
            assertThat(sought(cursor, "od")).isEqualTo("od");
            assertThat(sought(cursor, "ob\0")).isEqualTo("od");
            assertThat(sought(cursor, "a")).isEqualTo("ob");
            assertThat(sought(cursor, "og")).isNull();
            assertThat(sought(cursor, "oz")).isNull();
            assertThat(sought(cursor, "x")).isNull();
            assertThat(sought(cursor, "oe")).isEqualTo("of");
            assertThat(cursor.next()).isFalse();
            assertThat(sought(cursor, "ob")).isEqualTo("ob");
            cursor.seek(bytes("od"));
            assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void floor_is_the_last_entry_at_or_below_the_key_within_the_range() throws IOException {
        commit(putting("na", "0"), putting("ob", "1"), putting("od", "2"), putting("pa", "3"));
        assertThat(floor(engine, "o", "od")).isEqualTo("od=2");
        assertThat(floor(engine, "o", "oc")).isEqualTo("ob=1");
        assertThat(floor(engine, "o", "oz")).isEqualTo("od=2");
        assertThat(floor(engine, "ob", "ob")).isEqualTo("ob=1");
        assertThat(floor(engine, "ob\0", "oc")).isNull();
        assertThat(floor(engine, "o", "oa")).isNull();
        assertThat(floor(engine, "oz", "o")).isNull();
    }

    @Test
    void a_snapshot_and_a_cursor_stay_where_they_were_opened() throws IOException {
        commit(putting("oa", "1"), putting("ob", "1"));
        try (Snapshot snapshot = engine.snapshot();
                Cursor cursor = engine.scan(bytes("o"), bytes("p"))) {
            commit(putting("oa", "2"), deleting("ob"), putting("oc", "2"));
            assertThat(text(snapshot.get(bytes("oa")))).isEqualTo("1");
            assertThat(walk(snapshot, "o", "p")).containsExactly("oa=1", "ob=1");
            assertThat(floor(snapshot, "o", "oz")).isEqualTo("ob=1");
            assertThat(walk(cursor)).containsExactly("oa=1", "ob=1");
            assertThat(walk(engine, "o", "p")).containsExactly("oa=2", "oc=2");
        }
    }

    @Test
    void a_closed_snapshot_or_cursor_refuses_and_closing_again_is_fine() throws IOException {
        put("oa", "1");
        Snapshot snapshot = engine.snapshot();
        Cursor within = snapshot.scan(bytes("o"), bytes("p"));
        Cursor cursor = engine.scan(bytes("o"), bytes("p"));
        assertThat(within.next()).isTrue();
        for (int i = 0; i < 2; i++) {
            snapshot.close();
            cursor.close();
            assertThatThrownBy(() -> snapshot.get(bytes("oa"))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(within::next).isInstanceOf(IllegalStateException.class);
            within.close();
        }
    }

    @Test
    void a_closed_engine_refuses_everything_and_leaves_open_cursors_harmless() throws IOException {
        put("oa", "1");
        Snapshot snapshot = engine.snapshot();
        Cursor cursor = engine.scan(bytes("o"), bytes("p"));
        assertThat(cursor.next()).isTrue();
        engine.close();
        engine.close();
        assertThatThrownBy(() -> engine.get(bytes("oa"))).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> engine.scan(bytes("o"), bytes("p"))).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> snapshot.get(bytes("oa"))).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(cursor::key).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> put("oa", "2")).isInstanceOf(IOException.class);
        cursor.close();
        snapshot.close();
    }

    @Test
    void the_count_of_synced_commits_rises_with_each() throws IOException {
        long before = engine.syncedCommits();
        put("oa", "1");
        long once = engine.syncedCommits();
        put("oa", "2");
        assertThat(once).isGreaterThan(before);
        assertThat(engine.syncedCommits()).isGreaterThan(once);
        assertThat(engine.metrics()).containsKey("keys");
    }

    @Test
    void readers_never_see_half_a_commit() throws Exception {
        var stop = new AtomicBoolean();
        var fault = new AtomicReference<Throwable>();
        var readers = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            readers.add(Thread.ofVirtual().start(() -> {
                try {
                    while (!stop.get()) {
                        try (Snapshot snapshot = engine.snapshot()) {
                            String first = text(snapshot.get(bytes("oa")));
                            assertThat(text(snapshot.get(bytes("sa")))).isEqualTo(first);
                            assertThat(walk(snapshot, "e", "f")).allMatch(e -> e.endsWith("=" + first));
                        }
                    }
                } catch (Throwable e) {
                    fault.set(e);
                }
            }));
        }
        for (int i = 0; i < 200 && fault.get() == null; i++) {
            String value = Integer.toString(i);
            commit(
                    putting("oa", value),
                    putting("sa", value),
                    deleting("eb" + (i + 6) % 7),
                    putting("eb" + i % 7, value),
                    putting("ec", value));
        }
        stop.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(fault.get()).isNull();
    }

    @Test
    void random_operations_agree_with_a_sorted_map() throws IOException {
        long seed = System.nanoTime();
        try {
            agreesWithSortedMap(new Random(seed));
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private void agreesWithSortedMap(Random random) throws IOException {
        var model = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        for (int round = 0; round < 300; round++) {
            var writes = new ArrayList<Write>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                byte[] key = randomKey(random);
                writes.add(random.nextInt(3) == 0 ? new Write.Delete(key) : new Write.Put(key, randomValue(random)));
            }
            byte[] guarded = randomKey(random);
            engine.commit(List.of(new Guard(guarded, model.get(guarded))), writes);
            for (Write write : writes) {
                switch (write) {
                    case Write.Put(byte[] key, byte[] value) -> model.put(key, value);
                    case Write.Delete(byte[] key) -> model.remove(key);
                }
            }
            compare(engine, model, random);
            if (round % 10 == 0) {
                var then = new TreeMap<>(model);
                try (Snapshot snapshot = engine.snapshot()) {
                    byte[] key = randomKey(random);
                    commit(new Write.Put(key, bytes("later")));
                    model.put(key, bytes("later"));
                    compare(snapshot, then, random);
                }
            }
        }
    }

    private static void compare(Reader reader, NavigableMap<byte[], byte[]> model, Random random) {
        byte[] key = randomKey(random);
        assertThat(reader.get(key)).isEqualTo(model.get(key));
        byte[] from = randomKey(random);
        byte[] to = randomKey(random);
        to[0] = from[0];
        if (Arrays.compareUnsigned(from, to) > 0) {
            byte[] swap = from;
            from = to;
            to = swap;
        }
        var range = model.subMap(from, true, to, false);
        try (Cursor cursor = reader.scan(from, to)) {
            for (var row : range.entrySet()) {
                assertThat(cursor.next()).isTrue();
                assertThat(new Entry(cursor.key(), cursor.value())).isEqualTo(new Entry(row.getKey(), row.getValue()));
            }
            assertThat(cursor.next()).isFalse();
            byte[] sought = randomKey(random);
            cursor.seek(sought);
            Map.Entry<byte[], byte[]> expected =
                    Arrays.compareUnsigned(sought, from) < 0 ? range.firstEntry() : range.ceilingEntry(sought);
            assertThat(cursor.next()).isEqualTo(expected != null);
            if (expected != null) {
                assertThat(cursor.key()).isEqualTo(expected.getKey());
            }
        }
        var below = model.subMap(from, true, to, true).lastEntry();
        assertThat(reader.floor(from, to))
                .isEqualTo(below == null ? null : new Entry(below.getKey(), below.getValue()));
    }

    private static byte[] randomKey(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 1; i < key.length; i++) {
            key[i] = (byte) (random.nextBoolean() ? random.nextInt(4) : 254 + random.nextInt(2));
        }
        key[0] = (byte) "oske".charAt(random.nextInt(4));
        return key;
    }

    private static byte[] randomValue(Random random) {
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(60)];
        random.nextBytes(value);
        return value;
    }

    private void put(String key, String value) throws IOException {
        commit(putting(key, value));
    }

    private void commit(Write... writes) throws IOException {
        engine.commit(List.of(), List.of(writes));
    }

    static Write putting(String key, String value) {
        return new Write.Put(bytes(key), bytes(value));
    }

    static Write deleting(String key) {
        return new Write.Delete(bytes(key));
    }

    private static @Nullable String sought(Cursor cursor, String key) {
        cursor.seek(bytes(key));
        return cursor.next() ? text(cursor.key()) : null;
    }

    private static @Nullable String floor(Reader reader, String from, String key) {
        Entry entry = reader.floor(bytes(from), bytes(key));
        return entry == null ? null : text(entry.key()) + "=" + text(entry.value());
    }

    static List<String> walk(Reader reader, String from, String to) {
        try (Cursor cursor = reader.scan(bytes(from), bytes(to))) {
            return walk(cursor);
        }
    }

    private static List<String> walk(Cursor cursor) {
        var entries = new ArrayList<String>();
        while (cursor.next()) {
            entries.add(text(cursor.key()) + "=" + text(cursor.value()));
        }
        return entries;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "nothing" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
