package allod.http;

import java.io.IOException;
import java.time.Duration;

/** How an address words the answers that the listener gives in its name. Each method answers the exchange. */
public interface ErrorAnswers {
    /** Too many requests are under way: 503 with Retry-After, in whole seconds. Nothing of the request was read. */
    void busy(Exchange exchange, Duration retryAfter) throws IOException;

    /**
     * The handler threw before its answer was on the way. The fault is for the operator's log; the client gets the
     * request's id. A {@link allod.base.Problem} and a {@link SignatureProblem} arrive here as well if the handler lets
     * them pass.
     */
    void failed(Exchange exchange, Throwable fault) throws IOException;
}
