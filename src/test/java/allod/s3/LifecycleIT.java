package allod.s3;

import static allod.s3.TaggingIT.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLifecycleConfiguration;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.Tag;

/** Lifecycle rules as an unmodified client meets them, on a server whose days last a second. */
class LifecycleIT {
    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.startWithLifecycleDay(Duration.ofSeconds(1));
        client = server.client();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static LifecycleRule rule(String prefix, int days) {
        return LifecycleRule.builder()
                .id("end of " + prefix)
                .filter(f -> f.prefix(prefix))
                .status(ExpirationStatus.ENABLED)
                .expiration(e -> e.days(days))
                .build();
    }

    private static BucketLifecycleConfiguration rules(LifecycleRule... rules) {
        return BucketLifecycleConfiguration.builder().rules(rules).build();
    }

    @Test
    void rules_are_given_back_as_they_were_put_until_they_are_deleted() {
        client.createBucket(b -> b.bucket("given-back"));
        assertRefused(
                () -> client.getBucketLifecycleConfiguration(b -> b.bucket("given-back")),
                404,
                "NoSuchLifecycleConfiguration");
        LifecycleRule all = LifecycleRule.builder()
                .id("all")
                .filter(f -> f.and(a -> a.prefix("a/")
                        .tags(Tag.builder().key("k").value("v").build())
                        .objectSizeGreaterThan(5L)))
                .status(ExpirationStatus.DISABLED)
                .expiration(e -> e.days(30))
                .noncurrentVersionExpiration(n -> n.noncurrentDays(7).newerNoncurrentVersions(3))
                .build();
        client.putBucketLifecycleConfiguration(b -> b.bucket("given-back").lifecycleConfiguration(rules(all)));
        assertThat(client.getBucketLifecycleConfiguration(b -> b.bucket("given-back"))
                        .rules())
                .containsExactly(all);
        client.deleteBucketLifecycle(b -> b.bucket("given-back"));
        assertRefused(
                () -> client.getBucketLifecycleConfiguration(b -> b.bucket("given-back")),
                404,
                "NoSuchLifecycleConfiguration");
    }

    @Test
    void an_object_says_when_it_ends_and_ends() throws Exception {
        client.createBucket(b -> b.bucket("ending"));
        client.putBucketLifecycleConfiguration(
                b -> b.bucket("ending").lifecycleConfiguration(rules(rule("short/", 1), rule("long/", 100_000))));
        client.putObject(b -> b.bucket("ending").key("long/k"), RequestBody.fromString("content"));
        assertThat(client.headObject(b -> b.bucket("ending").key("long/k")).expiration())
                .matches("expiry-date=\"[A-Z][a-z]{2}, [0-9]{2} .* GMT\", rule-id=\"end%20of%20long%2F\"");
        assertThat(client.putObject(b -> b.bucket("ending").key("short/k"), RequestBody.fromString("content"))
                        .expiration())
                .contains("rule-id=\"end%20of%20short%2F\"");
        assertThat(client.putObject(b -> b.bucket("ending").key("other"), RequestBody.fromString("content"))
                        .expiration())
                .isNull();
        for (int i = 0; i < 300 && client.listObjectsV2(b -> b.bucket("ending")).keyCount() > 2; i++) {
            Thread.sleep(100);
        }
        assertThat(client.listObjectsV2(b -> b.bucket("ending")).contents())
                .extracting(object -> object.key())
                .containsExactly("long/k", "other");
    }

    @Test
    void the_documents_of_older_clients_are_taken_and_an_unsafe_one_is_not() throws IOException {
        client.createBucket(b -> b.bucket("older"));
        String document = "<LifecycleConfiguration><Rule><Prefix>p</Prefix><Status>Enabled</Status><Expiration><Days>9"
                + "</Days></Expiration></Rule></LifecycleConfiguration>";
        assertThat(Raw.of(server)
                        .send("PUT", "/older?lifecycle", document.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .code())
                .isEqualTo("InvalidRequest");
    }
}
