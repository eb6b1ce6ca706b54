package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyStructureTest {
    private static KeyStructure structure(OpenStore open, Caller caller, BucketName bucket, String key)
            throws Exception {
        return open.store.keyStructure(caller, bucket, ObjectKey.of(key), Optional.empty());
    }

    @Test
    void it_is_of_the_generation_of_its_moment_and_only_for_the_owner(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("readers");
            open.put(bucket, "k", "content");
            open.put(bucket, "other", "content");
            KeyStructure before = structure(open, open.owner, bucket, "k");
            assertThat(before.threshold()).isEqualTo(1);
            assertThat(before.custodians()).containsExactly("file");
            assertThat(before.degraded()).isFalse();
            assertThat(before.envelopes()).containsExactly(KeyStructure.Envelope.OWN);
            assertThat(before.tenant()).isEqualTo("owner");
            open.delete(bucket, "other");
            KeyStructure after = structure(open, open.owner, bucket, "k");
            assertThat(after.generation()).isEqualTo(before.generation() + 1);
            assertThat(after.version()).isEqualTo(before.version());

            assertRefused(Reason.NO_SUCH_KEY, () -> structure(open, open.owner, bucket, "other"));
            assertRefused(Reason.ACCESS_DENIED, () -> structure(open, open.other, bucket, "k"));
            String history = open.store.events(open.owner, 0, 1000).stream()
                    .map(event -> new String(event.opened().orElseThrow().body(), StandardCharsets.UTF_8))
                    .filter(body -> body.contains("object.readers"))
                    .reduce("", (one, two) -> one + "\n" + two);
            assertThat(history.lines().filter(line -> line.contains("\"outcome\":\"ok\"")))
                    .hasSize(2);
            assertThat(history).contains("\"outcome\":\"not found\"", "\"outcome\":\"refused: ACCESS_DENIED\"");
        }
    }

    @Test
    void an_older_version_is_asked_for_by_its_id_and_a_marker_has_no_keys(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("readers");
            open.objects().setVersioning(open.owner, bucket, Versioning.ENABLED);
            VersionId older = open.put(bucket, "k", "older").version().orElseThrow();
            VersionId newer = open.put(bucket, "k", "newer").version().orElseThrow();
            KeyStructure current = structure(open, open.owner, bucket, "k");
            KeyStructure below = open.store.keyStructure(open.owner, bucket, ObjectKey.of("k"), Optional.of(older));
            assertThat(current.versionId()).contains(newer);
            assertThat(below.versionId()).contains(older);
            assertThat(below.version()).isLessThan(current.version());

            open.delete(bucket, "k");
            assertRefused(Reason.NO_SUCH_KEY, () -> structure(open, open.owner, bucket, "k"));
            assertThat(open.store
                            .keyStructure(open.owner, bucket, ObjectKey.of("k"), Optional.of(newer))
                            .version())
                    .isEqualTo(current.version());
            var never = new VersionId("0".repeat(newer.text().length()));
            assertRefused(
                    Reason.NO_SUCH_VERSION,
                    () -> open.store.keyStructure(open.owner, bucket, ObjectKey.of("k"), Optional.of(never)));
        }
    }
}
