package allod.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.store.BucketName;
import allod.store.Caller;
import allod.store.DeleteTarget;
import allod.store.ETag;
import allod.store.ObjectKey;
import allod.store.ObjectMetadata;
import allod.store.PutTerms;
import allod.store.Store;
import allod.store.StoreInspection;
import allod.store.StoreOpening;
import allod.store.Tenant;
import allod.store.WriteCondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that do not belong together are refused, and nothing in them is changed. */
@Tag("server")
final class FoldersTest {
    private static final BucketName BUCKET = new BucketName("bucket");

    @TempDir
    Path temporary = Path.of("unset");

    private Path now = Path.of("unset");
    private Path before = Path.of("unset");

    /** Two pairs of one installation: as it was, and as it is after some more writes and an erasure. */
    @BeforeEach
    void make_an_installation_and_a_copy_of_it() throws IOException {
        now = temporary.resolve("now");
        before = temporary.resolve("before");
        try (Store store = open(now)) {
            Tenant tenant = store.tenants().add(new Principal("test"), "default");
            store.objects().createBucket(caller(tenant), BUCKET);
            put(store, caller(tenant), "kept");
            put(store, caller(tenant), "erased");
        }
        copy(now, before);
        try (Store store = open(now)) {
            Caller caller = caller(store.tenants().byName("default"));
            put(store, caller, "later");
            store.objects()
                    .delete(caller, BUCKET, List.of(new DeleteTarget(ObjectKey.of("erased"), WriteCondition.NONE)));
        }
    }

    private static Store open(Path pair) throws IOException {
        return StoreOpening.open(
                Check.settings(pair), Disk.real(), InstantSource.system(), new SecureRandom(), fault -> {});
    }

    private static Caller caller(Tenant tenant) {
        return new Caller(tenant.id(), new Principal("root"), new AccessKeyId("AKTEST00000000000001"), "local", "test");
    }

    private static void put(Store store, Caller caller, String key) throws IOException {
        byte[] content = Content.of(key.hashCode(), 50_000).bytes();
        try (var writer = store.objects().write(caller, BUCKET, ObjectKey.of(key))) {
            writer.write(content, 0, content.length);
            writer.commit(new PutTerms(
                    ObjectMetadata.NONE,
                    new ETag(new byte[16], 0),
                    Optional.empty(),
                    WriteCondition.NONE,
                    Optional.empty()));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.createDirectories(to.resolve(from.relativize(file)).getParent());
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** The content of all files, but for the engine's: of the map its rows. */
    private static Map<String, String> content(Path pair) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (var files = Files.walk(pair)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().contains("/map/")) {
                    all.put(
                            pair.relativize(file).toString(),
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        all.putAll(StoreInspection.rowsOf(pair.resolve("data").resolve("map")));
        return all;
    }

    private Path pair(Path data, Path custody) throws IOException {
        Path mixed = temporary.resolve("mixed");
        copy(data.resolve("data"), mixed.resolve("data"));
        copy(custody.resolve("custody"), mixed.resolve("custody"));
        return mixed;
    }

    private static void requireRefused(Path pair, String... words) throws IOException {
        Map<String, String> content = content(pair);
        assertThatThrownBy(() -> open(pair).close()).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.UNUSABLE_FOLDER);
            assertThat(problem.what() + problem.why() + problem.next()).contains(words);
        });
        assertThat(content(pair)).isEqualTo(content);
    }

    @Test
    void the_folders_as_they_are_open_again() throws IOException {
        try (Store store = open(now)) {
            assertThat(StoreInspection.waiting(store)).isZero();
        }
    }

    @Test
    void older_data_beside_current_custody_is_refused_and_it_says_how_much_is_missing() throws IOException {
        requireRefused(pair(before, now), "older copy", "are missing", "allod restore");
    }

    @Test
    void older_custody_beside_current_data_is_refused() throws IOException {
        requireRefused(pair(now, before), "custody folder is older");
    }

    @Test
    void the_data_of_another_installation_is_refused() throws IOException {
        Path other = temporary.resolve("other");
        try (Store store = open(other)) {
            store.tenants().add(new Principal("test"), "default");
        }
        requireRefused(pair(other, now), "belongs to installation");
    }

    @Test
    void an_empty_data_folder_beside_used_custody_is_refused_with_both_ways_out() throws IOException {
        Path mixed = temporary.resolve("mixed");
        copy(now.resolve("custody"), mixed.resolve("custody"));
        assertThatThrownBy(() -> open(mixed).close())
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.next())
                                .contains("Put the data folder back")
                                .contains("remove both"));
    }
}
