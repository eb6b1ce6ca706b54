package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The documents that configure a bucket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigurationsTest {
    private static final byte[] FIRST = "first".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = "second".getBytes(StandardCharsets.UTF_8);

    private OpenStore open;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder);
    }

    @AfterAll
    void stop() throws IOException {
        open.close();
        assertThat(open.faults).isEmpty();
    }

    private void put(BucketName name, byte[] document) throws IOException {
        open.objects().putConfiguration(open.owner, name, ConfigurationKind.TAGGING, document);
    }

    private List<String> lastEvents(int count) throws IOException {
        List<EventRecord> history = open.history();
        return history.subList(history.size() - count, history.size()).stream()
                .map(OpenStore::body)
                .toList();
    }

    @Test
    void a_document_is_put_replaced_and_deleted_each_with_its_event() throws IOException {
        BucketName name = open.bucket("configured");
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.TAGGING))
                .isEmpty();
        put(name, FIRST);
        put(name, SECOND);
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.TAGGING))
                .contains(SECOND);
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.CORS))
                .isEmpty();
        open.objects().deleteConfiguration(open.owner, name, ConfigurationKind.TAGGING);
        open.objects().deleteConfiguration(open.owner, name, ConfigurationKind.TAGGING);
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.TAGGING))
                .isEmpty();
        List<String> events = lastEvents(8);
        assertThat(events.get(0)).contains("\"type\":\"bucket.tagging.get\"", "\"outcome\":\"not found\"");
        assertThat(events.get(1)).contains("\"type\":\"bucket.tagging.put\"", "\"size\":5", "\"outcome\":\"ok\"");
        assertThat(events.get(5)).contains("\"type\":\"bucket.tagging.delete\"", "\"outcome\":\"ok\"");
        assertThat(events.get(6)).contains("\"type\":\"bucket.tagging.delete\"", "\"outcome\":\"nothing\"");
    }

    @Test
    void another_owner_reads_and_changes_nothing() throws IOException {
        BucketName name = open.bucket("not-yours");
        put(name, FIRST);
        assertRefused(
                Reason.ACCESS_DENIED, () -> open.objects().configuration(open.other, name, ConfigurationKind.TAGGING));
        assertRefused(
                Reason.ACCESS_DENIED,
                () -> open.objects().putConfiguration(open.other, name, ConfigurationKind.TAGGING, SECOND));
        assertRefused(
                Reason.ACCESS_DENIED,
                () -> open.objects().deleteConfiguration(open.other, name, ConfigurationKind.TAGGING));
        assertThat(lastEvents(3)).allSatisfy(event -> assertThat(event).contains("refused: ACCESS_DENIED"));
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.TAGGING))
                .contains(FIRST);
    }

    @Test
    void a_new_bucket_of_the_same_name_begins_without_the_documents_of_the_old_one() throws IOException {
        BucketName name = new BucketName("reborn");
        open.objects().createBucket(open.owner, name, Map.of(ConfigurationKind.OWNERSHIP, FIRST));
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.OWNERSHIP))
                .contains(FIRST);
        long id = open.row(name).id();
        open.objects().deleteBucket(open.owner, name);
        open.bucket("reborn");
        assertThat(open.objects().configuration(open.owner, name, ConfigurationKind.OWNERSHIP))
                .isEmpty();
        byte[] from = MapKey.bucketFrom(Family.CONFIGURATION, id);
        try (var cursor = open.ground().map().scan(from, MapKey.after(from))) {
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void a_document_has_the_most_bytes_and_not_one_more() throws IOException {
        BucketName name = open.bucket("largest");
        put(name, new byte[ConfigurationKind.MAX_DOCUMENT]);
        assertThatThrownBy(() -> put(name, new byte[ConfigurationKind.MAX_DOCUMENT + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> put(name, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThat(open.objects()
                        .configuration(open.owner, name, ConfigurationKind.TAGGING)
                        .orElseThrow())
                .hasSize(ConfigurationKind.MAX_DOCUMENT);
    }
}
