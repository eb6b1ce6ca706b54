package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random work on versions, held against a model of a few lines. */
class VersionsModelTest {
    private static final int STEPS = 250;
    private static final List<String> KEYS = List.of("a", "a/b", "a/c", "b\u0000", "b\u0000\u0001");

    /** @param content empty for a marker */
    private record Version(VersionId id, Optional<String> content) {}

    /** What must be there: of each key all versions, the newest first. */
    private static final class Model {
        final Map<String, List<Version>> versions = new TreeMap<>();
        Versioning versioning = Versioning.UNVERSIONED;

        List<Version> of(String key) {
            return versions.computeIfAbsent(key, k -> new ArrayList<>());
        }

        void add(String key, VersionId id, Optional<String> content) {
            if (id.isNull()) {
                of(key).removeIf(version -> version.id.isNull());
            }
            of(key).addFirst(new Version(id, content));
        }

        Optional<String> current(String key) {
            return of(key).stream().findFirst().flatMap(Version::content);
        }
    }

    private final Model model = new Model();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void any_work_leaves_what_the_model_says(long seed, @TempDir Path folder) throws Exception {
        var random = new Random(seed);
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("modelled");
            for (int step = 0; step < STEPS; step++) {
                String at = "seed " + seed + ", step " + step;
                step(open, bucket, random, at);
                if (step % 10 == 0) {
                    compare(open, bucket, random, at);
                }
            }
            compare(open, bucket, random, "seed " + seed);
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).as("seed %d", seed).isEmpty();
        }
    }

    private void step(OpenStore open, BucketName bucket, Random random, String at) throws IOException {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(10)) {
            case 0 -> {
                model.versioning = random.nextInt(3) == 0 ? Versioning.SUSPENDED : Versioning.ENABLED;
                open.objects().setVersioning(open.owner, bucket, model.versioning);
            }
            case 1, 2, 3, 4 -> {
                PutAnswer put = open.put(bucket, key, at);
                assertThat(put.version().isPresent()).as(at).isEqualTo(model.versioning != Versioning.UNVERSIONED);
                VersionId id = put.version().orElse(VersionId.NULL);
                assertThat(id.isNull()).as(at).isEqualTo(model.versioning != Versioning.ENABLED);
                model.add(key, id, Optional.of(at));
            }
            case 5, 6 -> delete(open, bucket, key, at);
            default -> deleteVersion(open, bucket, key, random, at);
        }
    }

    private void delete(OpenStore open, BucketName bucket, String key, String at) throws IOException {
        DeleteAnswer answer = open.delete(bucket, key).getFirst();
        if (model.versioning == Versioning.UNVERSIONED) {
            if (model.current(key).isPresent()) {
                assertThat(answer).as(at).isInstanceOf(DeleteAnswer.Erased.class);
            }
            model.of(key).clear();
            return;
        }
        var marker = (DeleteAnswer.Marker) answer;
        assertThat(marker.version().isNull()).as(at).isEqualTo(model.versioning == Versioning.SUSPENDED);
        model.add(key, marker.version(), Optional.empty());
    }

    private void deleteVersion(OpenStore open, BucketName bucket, String key, Random random, String at)
            throws IOException {
        List<Version> versions = model.of(key);
        Version version = versions.isEmpty() || random.nextInt(8) == 0
                ? new Version(VersionId.NULL, Optional.empty())
                : versions.get(random.nextInt(versions.size()));
        Optional<Version> known =
                versions.stream().filter(it -> it.id.equals(version.id)).findFirst();
        DeleteAnswer answer = open.objects()
                .delete(open.owner, bucket, List.of(new DeleteTarget(ObjectKey.of(key), version.id)))
                .getFirst();
        if (known.isPresent()) {
            Class<?> expected =
                    known.get().content.isPresent() ? DeleteAnswer.Erased.class : DeleteAnswer.Unmarked.class;
            assertThat(answer).as(at).isInstanceOf(expected);
            versions.remove(known.get());
        } else {
            assertThat(answer).as(at).isNotInstanceOf(DeleteAnswer.Unmarked.class);
        }
    }

    private void compare(OpenStore open, BucketName bucket, Random random, String at) throws IOException {
        List<String> expected = new ArrayList<>();
        List<String> current = new ArrayList<>();
        for (Map.Entry<String, List<Version>> one : model.versions.entrySet()) {
            String key = one.getKey();
            boolean latest = true;
            for (Version version : one.getValue()) {
                expected.add(key + ":" + version.id + ":" + version.content.isPresent() + ":" + latest);
                if (version.content.isPresent()) {
                    var request = ReadRequest.of(ReadRequest.Kind.GET, Optional.of(version.id));
                    assertThat(new String(open.get(bucket, key, request), StandardCharsets.UTF_8))
                            .as(at)
                            .isEqualTo(version.content.get());
                }
                latest = false;
            }
            if (model.current(key).isPresent()) {
                current.add(key);
                assertThat(new String(open.get(bucket, key), StandardCharsets.UTF_8))
                        .as(at)
                        .isEqualTo(model.current(key).get());
            }
        }
        assertThat(listed(open, bucket, 1 + random.nextInt(7))).as(at).isEqualTo(expected);
        var all = new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 1000);
        assertThat(open.objects().list(open.owner, bucket, all).items().stream()
                        .map(item -> ((ListPage.Listed) item).key().toString()))
                .as(at)
                .isEqualTo(current);
    }

    private static List<String> listed(OpenStore open, BucketName bucket, int limit) throws IOException {
        List<String> listed = new ArrayList<>();
        Optional<VersionPage.Marker> after = Optional.empty();
        do {
            VersionPage page = open.objects()
                    .listVersions(
                            open.owner, bucket, new VersionPage.Request(new byte[0], Optional.empty(), after, limit));
            for (VersionPage.Item item : page.items()) {
                switch (item) {
                    case VersionPage.Listed it -> listed.add(it.key() + ":" + it.version() + ":true:" + it.latest());
                    case VersionPage.DeleteMarker it ->
                        listed.add(it.key() + ":" + it.version() + ":false:" + it.latest());
                    case VersionPage.CommonPrefix it -> throw new AssertionError("no delimiter was given");
                }
            }
            after = page.next();
        } while (after.isPresent());
        return listed;
    }
}
