package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.http.Headers;
import allod.http.Query;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Every operation that the AWS SDK for Java has is known by its own name, so that a newer SDK shows what is missing. */
class SdkSurfaceTest {
    private static final Router ROUTER = new Router(List.of());

    /** An operation that another host's name alone tells from ours. */
    private static final Map<String, String> OTHER_NAMES = Map.of("ListDirectoryBuckets", "ListBuckets");

    /** Operations the SDK sends to another host altogether, or in two steps. */
    private static final List<String> ELSEWHERE = List.of("WriteGetObjectResponse");

    private static final class Captured implements SdkHttpClient {
        private @Nullable SdkHttpRequest last;

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            last = request.httpRequest();
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    throw new IOException("captured");
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public void close() {}
    }

    @Test
    void every_operation_of_the_sdk_is_routed_to_its_own_name() throws Exception {
        var captured = new Captured();
        Map<String, String> wrong = new TreeMap<>();
        int operations = 0;
        try (S3Client client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://127.0.0.1:1"))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .disableS3ExpressSessionAuth(true)
                .httpClient(captured)
                .build()) {
            for (Method method : operations()) {
                String operation = method.getName().substring(0, 1).toUpperCase(Locale.ROOT)
                        + method.getName().substring(1);
                if (ELSEWHERE.contains(operation)) {
                    continue;
                }
                captured.last = null;
                call(client, method);
                SdkHttpRequest sent = captured.last;
                String routed = sent == null ? "nothing was sent" : route(sent);
                if (!routed.equals(OTHER_NAMES.getOrDefault(operation, operation))) {
                    wrong.put(operation, routed);
                }
                operations++;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(operations).isGreaterThan(100);
    }

    private static List<Method> operations() {
        var operations = new TreeMap<String, Method>();
        for (Method method : S3Client.class.getMethods()) {
            Class<?>[] types = method.getParameterTypes();
            boolean streams = types.length == 2 && types[1].equals(RequestBody.class);
            boolean plain = types.length == 1;
            boolean takesRequest = types.length > 0
                    && software.amazon.awssdk.services.s3.model.S3Request.class.isAssignableFrom(types[0]);
            boolean operation =
                    !method.getName().endsWith("Paginator") && !method.getName().endsWith("AsBytes");
            if (takesRequest && (plain || streams) && operation) {
                operations.merge(
                        method.getName(), method, (a, b) -> a.getParameterCount() > b.getParameterCount() ? a : b);
            }
        }
        return new ArrayList<>(operations.values());
    }

    /** Calls with a value for every member that stands in the path or the query, and for the source of a copy. */
    private static void call(S3Client client, Method method) throws Exception {
        Class<?> type = method.getParameterTypes()[0];
        var request = (software.amazon.awssdk.services.s3.model.S3Request.Builder)
                type.getMethod("builder").invoke(null);
        for (SdkField<?> field : ((SdkPojo) request).sdkFields()) {
            boolean inQuery = field.location() == software.amazon.awssdk.core.protocol.MarshallLocation.QUERY_PARAM;
            boolean inPath = field.location() == software.amazon.awssdk.core.protocol.MarshallLocation.PATH
                    || field.location() == software.amazon.awssdk.core.protocol.MarshallLocation.GREEDY_PATH;
            if (field.memberName().equals("CopySource") || field.memberName().equals("RenameSource")) {
                field.set(request, "source/key");
            } else if (field.location() == software.amazon.awssdk.core.protocol.MarshallLocation.PAYLOAD) {
                setPayload(field, request);
            } else if ((inQuery || inPath) && field.marshallingType().equals(MarshallingType.STRING)) {
                if (!field.memberName().equals("EncodingType")) {
                    field.set(request, field.memberName().equals("Bucket") ? "bucket" : "value");
                }
            } else if (inQuery && field.marshallingType().equals(MarshallingType.INTEGER)) {
                field.set(request, 1);
            }
        }
        Object built = request.build();
        try {
            if (method.getParameterCount() == 1) {
                method.invoke(client, built);
            } else {
                method.invoke(client, built, RequestBody.fromString("content"));
            }
        } catch (ReflectiveOperationException captured) {
            // The client found nobody to talk to; what it sent was kept.
            assertThat(captured).hasCauseInstanceOf(RuntimeException.class);
        }
    }

    /** Gives a document all its members, so that those that are required are there. */
    private static void setPayload(SdkField<?> field, Object request) {
        if (field.marshallingType().equals(MarshallingType.SDK_POJO)) {
            field.set(request, filled(field, 0));
        } else if (field.memberName().equals("Policy")) {
            field.set(request, "content");
        }
    }

    private static Object filled(SdkField<?> field, int depth) {
        var builder = (SdkBuilder<?, ?>) field.constructor().get();
        for (SdkField<?> member : ((SdkPojo) builder).sdkFields()) {
            if (member.marshallingType().equals(MarshallingType.STRING)) {
                member.set(builder, "value");
            } else if (member.marshallingType().equals(MarshallingType.INTEGER)) {
                member.set(builder, 1);
            } else if (member.marshallingType().equals(MarshallingType.BOOLEAN)) {
                member.set(builder, true);
            } else if (member.marshallingType().equals(MarshallingType.SDK_POJO) && depth < 4) {
                member.set(builder, filled(member, depth + 1));
            } else if (member.marshallingType().equals(MarshallingType.LIST)) {
                SdkField<?> item = member.getTrait(ListTrait.class).memberFieldInfo();
                boolean pojo = item.marshallingType().equals(MarshallingType.SDK_POJO);
                if (!pojo || depth < 4) {
                    member.set(builder, List.of(pojo ? filled(item, depth + 1) : "value"));
                }
            }
        }
        return builder.build();
    }

    private static String route(SdkHttpRequest sent) {
        Headers.Builder headers = Headers.builder();
        sent.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        try {
            return ROUTER.route(
                            sent.method().name(),
                            sent.encodedPath().isEmpty() ? "/" : sent.encodedPath(),
                            Query.parse(sent.encodedQueryParameters().orElse("")),
                            headers.build(),
                            sent.host())
                    .operation();
        } catch (RuntimeException refusal) {
            return refusal + " for " + sent.method() + " " + sent.getUri();
        }
    }
}
