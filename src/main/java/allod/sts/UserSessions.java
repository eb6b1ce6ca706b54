package allod.sts;

import allod.policy.Who;
import allod.store.Sessions;
import allod.sts.StsRefusal.Code;
import java.io.IOException;
import java.time.Duration;

/** GetSessionToken: a user's or root's own rights, for a time. */
record UserSessions(Sessions sessions) {
    /** @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html">DurationSeconds</a> */
    private static final long LEAST = 900;

    private static final long MOST = 129_600;
    private static final long MOST_OF_ROOT = 3600;
    private static final long USUAL = 43_200;

    Sessions.Issued begin(StsRequest request, Form form) throws IOException {
        boolean root = request.who().kind() == Who.Kind.ROOT;
        long most = root ? MOST_OF_ROOT : MOST;
        long seconds = form.seconds("DurationSeconds", LEAST, MOST).orElse(USUAL);
        form.requireNothingElse();
        if (request.identity().session().isPresent()) {
            throw new StsRefusal(
                    Code.ACCESS_DENIED,
                    "Cannot call GetSessionToken with session credentials. Sign with a lasting key.");
        }
        return sessions.begin(
                request.caller(),
                new Sessions.Terms(
                        request.identity().tenant(),
                        request.identity().principal(),
                        request.lastingKey(),
                        false,
                        Duration.ofSeconds(Math.min(seconds, most)),
                        ""));
    }
}
