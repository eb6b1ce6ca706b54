package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.store.CompleteRequest;
import allod.store.LifecycleRules;
import allod.store.ObjectKey;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Whatever a client sends as a document is refused in S3's words, or is what its limits allow. */
class DocumentsFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void a_list_of_keys_is_within_its_limits(byte[] document) {
        List<DeleteEndpoints.Asked> asked;
        try {
            asked = DeleteEndpoints.asked(XmlElement.parse(document, "Delete"));
        } catch (S3Refusal refused) {
            assertThat(refused.error()).isEqualTo(S3Error.MALFORMED_XML);
            return;
        }
        assertThat(asked).hasSizeBetween(1, DeleteEndpoints.MAX_KEYS);
        for (DeleteEndpoints.Asked one : asked) {
            assertThat(one.target().isPresent()).isNotEqualTo(one.refusal().isPresent());
            one.target().ifPresent(target -> assertThat(target.key()).isEqualTo(ObjectKey.of(one.key())));
        }
    }

    @FuzzTest(maxDuration = "20s")
    void a_list_of_parts_is_within_its_limits(byte[] document) {
        List<CompleteRequest.NamedPart> parts;
        try {
            parts = MultipartEndpoints.parts(document);
        } catch (S3Refusal refused) {
            assertThat(refused.error()).isIn(S3Error.MALFORMED_XML, S3Error.INVALID_ARGUMENT);
            return;
        }
        assertThat(parts).hasSizeBetween(1, 10_000).allMatch(part -> part.number() >= 1 && part.number() <= 10_000);
    }

    @FuzzTest(maxDuration = "20s")
    void a_new_buckets_region_is_read_or_refused(byte[] document) {
        try {
            String region = BucketEndpoints.region(document);
            assertThat(region).isEqualTo(region.strip());
        } catch (S3Refusal refused) {
            assertThat(refused.error()).isIn(S3Error.MALFORMED_XML, S3Error.NOT_IMPLEMENTED);
        }
    }

    @FuzzTest(maxDuration = "20s")
    void lifecycle_rules_are_within_their_limits_and_come_back_as_they_were_read(byte[] document) {
        LifecycleRules rules;
        try {
            rules = LifecycleDocument.parse(document);
        } catch (S3Refusal refused) {
            assertThat(refused.error())
                    .isIn(
                            S3Error.MALFORMED_XML,
                            S3Error.INVALID_ARGUMENT,
                            S3Error.INVALID_REQUEST,
                            S3Error.NOT_IMPLEMENTED);
            return;
        }
        assertThat(rules.rules()).hasSizeBetween(1, LifecycleRules.MAX);
        assertThat(LifecycleRules.decode(rules.encode())).isEqualTo(rules);
    }
}
