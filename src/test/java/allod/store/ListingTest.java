package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Listings against a model that sorts all keys and rolls them up one by one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListingTest {
    /** Few signs, so that prefixes, delimiters and neighbours meet: zero bytes, the last sign of Unicode, two-byte ones. */
    private static final List<String> SIGNS =
            List.of("\u0000", "\u0001", "/", "a", "b", "\u007f", "\u00ff", "\u00e9", "\ud7ff", "\udbff\udfff");

    private OpenStore open;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder);
    }

    @AfterAll
    void stop() throws IOException {
        open.close();
    }

    private static String word(Random random, int most) {
        var text = new StringBuilder();
        for (int length = random.nextInt(most + 1); length > 0; length--) {
            text.append(SIGNS.get(random.nextInt(SIGNS.size())));
        }
        return text.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static boolean begins(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** What S3 says of a listing, the slow way. */
    private static List<String> model(Set<byte[]> keys, byte[] prefix, byte[] delimiter, byte[] after) {
        Set<String> items = new LinkedHashSet<>();
        for (byte[] key : keys) {
            if (begins(key, prefix)) {
                int at = delimiter.length == 0 ? -1 : indexOf(key, delimiter, prefix.length);
                byte[] shown = at < 0 ? key : Arrays.copyOf(key, at + delimiter.length);
                boolean passed = Arrays.compareUnsigned(shown, after) <= 0
                        && !(at >= 0
                                && begins(after, shown)
                                && after.length > shown.length
                                && Arrays.compareUnsigned(key, after) > 0);
                if (!passed) {
                    items.add((at < 0 ? "key " : "prefix ") + hex(shown));
                }
            }
        }
        return List.copyOf(items);
    }

    private static int indexOf(byte[] key, byte[] mark, int from) {
        for (int i = from; i + mark.length <= key.length; i++) {
            if (Arrays.equals(key, i, i + mark.length, mark, 0, mark.length)) {
                return i;
            }
        }
        return -1;
    }

    private static String text(ListPage.Item item) {
        return switch (item) {
            case ListPage.Listed listed -> "key " + hex(listed.key().utf8());
            case ListPage.CommonPrefix group -> "prefix " + hex(group.bytes());
        };
    }

    @Test
    void pages_are_what_the_model_says() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            BucketName bucket = open.bucket("listing-" + round);
            Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
            List<Callable<PutAnswer>> puts = new ArrayList<>();
            while (keys.size() < 60) {
                String key = word(random, 5);
                if (!key.isEmpty() && keys.add(utf8(key))) {
                    puts.add(() -> open.put(bucket, key, "x"));
                }
            }
            OpenStore.together(puts);
            for (int i = 0; i < 120; i++) {
                byte[] prefix = utf8(word(random, 2));
                byte[] delimiter = utf8(word(random, 2));
                byte[] after = utf8(word(random, 4));
                int limit = 1 + random.nextInt(random.nextBoolean() ? 4 : 100);
                assertThat(paged(bucket, prefix, delimiter, after, limit))
                        .as("seed %d, prefix %s, delimiter %s, after %s", seed, hex(prefix), hex(delimiter), hex(after))
                        .isEqualTo(model(keys, prefix, delimiter, after));
            }
        }
    }

    private List<String> paged(BucketName bucket, byte[] prefix, byte[] delimiter, byte[] after, int limit)
            throws IOException {
        List<String> items = new ArrayList<>();
        Optional<byte[]> from = after.length == 0 ? Optional.empty() : Optional.of(after);
        do {
            ListPage page = open.objects()
                    .list(open.owner, bucket, new ListRequest(prefix, Optional.of(delimiter), from, limit));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items().forEach(item -> items.add(text(item)));
            from = page.next();
        } while (from.isPresent());
        return items;
    }

    @Test
    void a_listing_tells_size_time_and_etag() throws IOException {
        BucketName bucket = open.bucket("telling");
        PutAnswer put = open.put(bucket, "k", "content");
        ListPage page = open.objects()
                .list(open.owner, bucket, new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 1));
        assertThat(page.items())
                .containsExactly(new ListPage.Listed(ObjectKey.of("k"), 7, put.etag(), put.lastModified()));
        assertThat(page.next()).isEmpty();
    }

    @Test
    void a_page_of_none_is_empty() throws IOException {
        BucketName bucket = open.bucket("none");
        open.put(bucket, "k", "content");
        ListPage page = open.objects()
                .list(open.owner, bucket, new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 0));
        assertThat(page).isEqualTo(new ListPage(List.of(), Optional.empty()));
    }
}
