package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    private static final String CONTENT = "the content that nobody sees";
    private static final String SECRET = "a-secret-of-an-access-key";

    private OpenStore open;
    private BucketName bucket;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER);
        bucket = OpenStore.name("inspected");
        open.objects().createBucket(open.owner, bucket, true, Map.of());
        open.put(bucket, "a/key", CONTENT);
        open.put(bucket, "a/key", CONTENT);
        open.put(bucket, "deleted", CONTENT);
        open.delete(bucket, "deleted");
        open.put(bucket, "large", new byte[100_000]);
        open.objects().createUpload(open.owner, bucket, ObjectKey.of("upload"), ObjectMetadata.NONE, Optional.empty());
        open.store
                .tenants()
                .addKey(
                        OpenStore.ROOT,
                        open.owner.tenant(),
                        new AccessKeyId("AKSHOWN"),
                        SECRET.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws IOException {
        open.close();
    }

    private Inspection.Page read(String what, String after, int limit) {
        return open.store.inspection().read(new Inspection.Query(what, after, limit));
    }

    private List<InspectedRow> all(String what) {
        List<InspectedRow> rows = new ArrayList<>();
        String after = "";
        do {
            Inspection.Page page = read(what, after, 7);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(7);
            rows.addAll(page.rows());
            after = page.next().orElse("");
        } while (!after.isEmpty());
        return rows;
    }

    @Test
    void every_row_there_is_can_be_read_page_by_page_and_shows_nothing_that_is_sealed() {
        List<InspectedRow> families = read("", "", 100).rows();
        assertThat(families).hasSizeGreaterThan(15);
        for (InspectedRow family : families) {
            List<InspectedRow> rows = all(family.family());
            assertThat(rows)
                    .hasSize(Integer.parseInt(String.valueOf(family.fields().get("rows"))));
            assertThat(rows).isEqualTo(all(family.name()));
            assertThat(rows).allSatisfy(row -> {
                assertThat(row.fields()).doesNotContainKey("damaged");
                assertThat(row.toString()).doesNotContain(CONTENT, SECRET);
                assertThat(row.fields().values()).allMatch(text -> text.length() <= RowText.MAX_TEXT + 100);
            });
        }
    }

    @Test
    void all_rows_of_one_object_are_found_by_its_name() {
        List<InspectedRow> rows = read("s3://inspected/a/key", "", 100).rows();
        assertThat(rows)
                .extracting(InspectedRow::name)
                .containsExactly("BUCKET", "CURRENT", "NONCURRENT", "SLOT", "SLOT");
        assertThat(rows.get(1).fields()).containsEntry("objectKey", "a/key").containsKey("order");
        assertThat(rows.get(3).fields().get("owner")).contains("a/key");
        assertThat(read("s3://inspected/nothing", "", 100).rows()).hasSize(1);
        assertThat(read("s3://inspected/a/key", "", 2).rows()).hasSize(2);
    }

    @Test
    void a_row_that_cannot_be_read_is_shown_as_damaged() {
        byte[] key = MapKey.bucket(bucket);
        assertThat(Inspection.row(key, new byte[] {1, 2}).fields()).containsKey("damaged");
        assertThat(Inspection.row(new byte[] {'Z', 1}, new byte[] {1}).name()).isEqualTo("UNKNOWN");
    }

    @Test
    void what_names_nothing_is_refused_in_words() {
        for (String what : List.of("no-such-family", "6", "s3://", "s3://inspected", "s3://no-such-bucket/k")) {
            assertThatThrownBy(() -> read(what, "", 10)).as(what).isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> read("o", "", 0)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read("o", "", Inspection.MAX_ROWS + 1)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read("o", "xx", 1)).isInstanceOf(Problem.class);
    }
}
