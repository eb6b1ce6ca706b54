package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Address;
import allod.http.HttpHandler;
import allod.http.HttpLimits;
import allod.http.HttpListener;
import allod.http.SignatureProblem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class S3ErrorsTest {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void each_reason_has_a_code_and_the_whole_message(Reason reason) {
        S3Errors.Answer answer = S3Errors.answerTo("1", new Problem(reason, "What.", "Why.", "Next."));
        assertThat(answer.error().status()).isBetween(400, 599);
        assertThat(answer.message()).isEqualTo("What. Why. Next.");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_SUCH_KEY, NoSuchKey, 404",
        "NO_SUCH_BUCKET, NoSuchBucket, 404",
        "PRECONDITION_FAILED, PreconditionFailed, 412",
        "CONFLICT, ConditionalRequestConflict, 409",
        "PART_TOO_SMALL, EntityTooSmall, 400",
        "BUSY, SlowDown, 503",
        "CUSTODIAN_AWAY, ServiceUnavailable, 503",
        "NO_SPACE, InsufficientStorage, 507",
        "DAMAGED, InternalError, 500",
    })
    void a_reason_is_answered_with_s3s_code_and_status(Reason reason, String code, int status) {
        assertThat(S3Errors.code(reason).code()).isEqualTo(code);
        assertThat(S3Errors.code(reason).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(SignatureProblem.Kind.class)
    void each_fault_of_a_signature_has_a_code(SignatureProblem.Kind kind) {
        assertThat(S3Errors.code(kind).status()).isIn(400, 403, 501);
    }

    @Test
    void no_code_stands_twice() {
        Set<String> codes = Arrays.stream(S3Error.values()).map(S3Error::code).collect(Collectors.toSet());
        assertThat(codes).hasSize(S3Error.values().length);
    }

    @ParameterizedTest
    @CsvSource({"BUSY, 503, SlowDown, 1", "NO_SPACE, 507, InsufficientStorage,", "INTERNAL, 500, InternalError,"})
    void a_full_or_busy_store_is_told_over_the_wire(Reason reason, int status, String code, @Nullable String retryAfter)
            throws Exception {
        HttpHandler handler = exchange -> {
            throw new Problem(reason, "What.", "Why.", "Next.");
        };
        try (var listener = HttpListener.start(
                        new Address("127.0.0.1", 0),
                        Optional.empty(),
                        HttpLimits.defaults(),
                        handler,
                        new S3Errors("host"));
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + listener.bound() + "/b/k"))
                    .build();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().firstValue("Retry-After")).isEqualTo(Optional.ofNullable(retryAfter));
            XmlElement error = XmlElement.parse(answer.body(), "Error");
            assertThat(error.requiredText("Code")).isEqualTo(code);
            assertThat(error.requiredText("Message")).isEqualTo("What. Why. Next.");
        }
    }

    @Test
    void an_unknown_fault_tells_nothing_of_itself() {
        S3Errors.Answer answer = S3Errors.answerTo("1", new IllegalStateException("secret"));
        assertThat(answer.error()).isEqualTo(S3Error.INTERNAL_ERROR);
        assertThat(answer.message()).doesNotContain("secret");
    }
}
