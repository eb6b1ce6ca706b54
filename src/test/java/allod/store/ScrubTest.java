package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Disk;
import allod.base.Problem;
import allod.store.engine.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubTest {
    @TempDir
    Path folder = Path.of("");

    private OpenStore open;
    private BucketName bucket;

    @BeforeEach
    void start() throws IOException {
        open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER);
        bucket = open.bucket("scrubbed");
        open.put(bucket, "small", "small content");
        open.put(bucket, "large", new byte[200_000]);
        open.put(bucket, "other", new byte[100_000]);
        open.put(bucket, "gone", new byte[100_000]);
        open.delete(bucket, "gone");
    }

    @AfterEach
    void stop() throws IOException {
        open.close();
    }

    private ScrubState scrub() throws Exception {
        open.store.scrub().start(OpenStore.ROOT, OptionalLong.empty(), true);
        return ended();
    }

    private ScrubState ended() throws InterruptedException {
        ScrubState state = open.store.scrub().state();
        for (int i = 0; i < 3000 && state.phase() == ScrubState.Phase.RUNNING; i++) {
            Thread.sleep(10);
            state = open.store.scrub().state();
        }
        return state;
    }

    private Path blobOf(String key) {
        byte[] name = open.ground().map().get(MapKey.current(open.row(bucket).id(), ObjectKey.of(key)));
        long slot = NameRow.decode(java.util.Objects.requireNonNull(name)).slot();
        byte[] row = open.ground().map().get(MapKey.slot(open.row(bucket).domain(), slot));
        String blob = SlotRow.decode(java.util.Objects.requireNonNull(row))
                .blobs()
                .getFirst()
                .toString();
        return folder.resolve("data/blobs").resolve(blob.substring(0, 2)).resolve(blob);
    }

    private void change(byte[] key) throws IOException {
        byte[] value =
                java.util.Objects.requireNonNull(open.ground().map().get(key)).clone();
        value[value.length - 1] ^= 1;
        open.ground().map().commit(List.of(), List.of(new Write.Put(key, value)));
    }

    @Test
    void what_is_whole_is_read_to_the_last_byte_and_found_whole() throws Exception {
        ScrubState state = scrub();
        assertThat(state.phase()).isEqualTo(ScrubState.Phase.DONE);
        assertThat(state.damages()).isEmpty();
        assertThat(state.damaged()).isZero();
        assertThat(state.unchecked()).isZero();
        assertThat(state.bytes()).isGreaterThan(300_000);
        assertThat(state.rows()).isGreaterThan(20);
        assertThat(open.store.metrics()).containsEntry("scrub_damaged", 0L).containsEntry("scrub_running", 0L);
        open = open.reopen();
        assertThat(open.store.scrub().state()).isEqualTo(state);
    }

    @Test
    void a_changed_and_a_missing_blob_are_named_by_their_objects_and_told_to_their_owner() throws Exception {
        Path changed = blobOf("large");
        byte[] bytes = Files.readAllBytes(changed);
        bytes[150_000] ^= 1;
        Files.write(changed, bytes);
        Files.delete(blobOf("other"));
        ScrubState state = scrub();
        assertThat(state.phase()).isEqualTo(ScrubState.Phase.DONE);
        assertThat(state.damaged()).isEqualTo(2);
        assertThat(state.damages())
                .anyMatch(damage -> damage.startsWith("s3://scrubbed/large: "))
                .anyMatch(damage -> damage.startsWith("s3://scrubbed/other: "));
        assertThat(open.history().stream().map(OpenStore::body).filter(body -> body.contains("scrub.damaged")))
                .hasSize(2)
                .anyMatch(body -> body.contains("\"key\":\"large\""))
                .anyMatch(body -> body.contains("\"key\":\"other\""));
        assertThat(open.store.metrics()).containsEntry("scrub_damaged", 2L);
        bytes[150_000] ^= 1;
        Files.write(changed, bytes);
        assertThat(scrub().damaged()).isEqualTo(1);
    }

    @Test
    void a_changed_row_and_a_changed_key_page_are_found() throws Exception {
        byte[] page = open.keys(Family.PAGE).getLast();
        byte[] events = open.keys(Family.EVENTS).getFirst();
        byte[] receipt = open.keys(Family.RECEIPT).getLast();
        change(events);
        change(receipt);
        ScrubState rows = scrub();
        assertThat(rows.damages())
                .hasSize(2)
                .anyMatch(damage -> damage.contains("(events)"))
                .anyMatch(damage -> damage.contains("(receipt)"));
        change(page);
        assertThat(scrub().damages()).anyMatch(damage -> damage.contains("(page)"));
        change(page);
        change(events);
        change(receipt);
        assertThat(scrub().damages()).isEmpty();
    }

    @Test
    void a_scrub_that_was_stopped_goes_on_where_it_was_also_after_a_restart() throws Exception {
        Scrub scrub = open.store.scrub();
        scrub.start(OpenStore.ROOT, OptionalLong.of(Scrub.MIN_RATE), true);
        while (scrub.state().rows() == 0) {
            Thread.sleep(5);
        }
        ScrubState stopped = scrub.stop();
        assertThat(stopped.phase()).isEqualTo(ScrubState.Phase.STOPPED);
        assertThat(stopped.after()).isNotEmpty();
        open = open.reopen();
        assertThat(open.store.scrub().state()).isEqualTo(stopped);
        open.store.scrub().start(OpenStore.ROOT, OptionalLong.empty(), false);
        ScrubState ended = ended();
        assertThat(ended.phase()).isEqualTo(ScrubState.Phase.DONE);
        assertThat(ended.begun()).isEqualTo(stopped.begun());
        assertThat(ended.rows()).isGreaterThan(stopped.rows());
        assertThat(ended.damaged()).isZero();
    }

    @Test
    void a_rate_below_the_least_is_refused() {
        assertThatThrownBy(() -> open.store.scrub().start(OpenStore.ROOT, OptionalLong.of(Scrub.MIN_RATE - 1), false))
                .isInstanceOf(Problem.class);
        assertThat(open.store.scrub().state().phase()).isEqualTo(ScrubState.Phase.NEVER);
    }
}
