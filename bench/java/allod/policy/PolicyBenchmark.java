package allod.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a decision costs each request: by no policy, by a usual one, and by one of many statements. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PolicyBenchmark {
    private static final String OWNER = "000000000001";
    private static final String STATEMENT = "{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],"
            + "\"Resource\":\"arn:aws:s3:::bucket/home-N/${aws:username}/*\","
            + "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}}";

    private final Request ofRoot = asked(Who.root(OWNER));
    private final Request ofUser = asked(Who.user(OWNER, "alice"));
    private final Evaluation none = evaluation(List.of());
    private final Evaluation usual = evaluation(List.of(policy(1)));
    private final Evaluation many = evaluation(List.of(policy(20), policy(20)));

    private static Request asked(Who who) {
        return new Request(
                who,
                "s3:GetObject",
                Request.arn("bucket", "home-0/alice/report.txt"),
                key -> switch (key) {
                    case "aws:username" -> List.of("alice");
                    case "aws:sourceip" -> List.of("192.0.2.7");
                    default -> List.of();
                });
    }

    /** Its last statement is the one that allows. */
    private static Evaluation.Named policy(int statements) {
        var json = new StringBuilder("{\"Version\":\"2012-10-17\",\"Statement\":[");
        for (int i = statements - 1; i >= 0; i--) {
            json.append(STATEMENT.replace("home-N", "home-" + i)).append(i > 0 ? "," : "]}");
        }
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        return new Evaluation.Named("p", Policy.parse(Policy.Kind.IDENTITY, bytes));
    }

    private static Evaluation evaluation(List<Evaluation.Named> identity) {
        return new Evaluation(OWNER, Optional.empty(), true, identity, Optional.empty(), Optional::empty);
    }

    @Benchmark
    public Evaluation.Decision ownersRoot() {
        return none.decide(ofRoot);
    }

    @Benchmark
    public Evaluation.Decision usersOneStatement() {
        return usual.decide(ofUser);
    }

    @Benchmark
    public Evaluation.Decision usersFortyStatements() {
        return many.decide(ofUser);
    }
}
