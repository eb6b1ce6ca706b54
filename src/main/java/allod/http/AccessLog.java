package allod.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts each answered request of an address, and writes a line of it where the level is DEBUG: by default it is not,
 * because the line would cost more than many a request. Nothing in it was chosen by a client.
 *
 * @param address which address answers: {@code s3} or {@code pact}
 */
public record AccessLog(String address, Metrics metrics) implements AnswerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    @Override
    public void answered(Answered answered) {
        metrics.request(address, answered.endpoint(), answered.status(), answered.took());
        if (LOG.isDebugEnabled()) {
            LOG.atDebug()
                    .addKeyValue("address", address)
                    .addKeyValue("request", answered.requestId())
                    .addKeyValue("endpoint", answered.endpoint())
                    .addKeyValue("status", answered.status())
                    .addKeyValue("bytes", answered.bytes())
                    .addKeyValue("ms", answered.took().toMillis())
                    .log("answered");
        }
    }
}
