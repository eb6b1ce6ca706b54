package allod.http;

import allod.base.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the server beneath and the handler above: admits a request, hands it on, and ends it one way or the other. */
final class Front extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final HttpLimits limits;
    private final boolean secure;
    private final HttpHandler handler;
    private final ErrorAnswers errors;
    private final HeadWatch watch;
    private final AnswerWatch answers;
    private final Admission admission;
    private final RequestIds ids = new RequestIds();

    Front(
            HttpLimits limits,
            boolean secure,
            HttpHandler handler,
            ErrorAnswers errors,
            HeadWatch watch,
            AnswerWatch answers) {
        this.limits = limits;
        this.secure = secure;
        this.handler = handler;
        this.errors = errors;
        this.watch = watch;
        this.answers = answers;
        this.admission = new Admission(limits);
    }

    /** Answers what never became an exchange: one line of text and the status that was set. */
    static boolean answerPlainly(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
        if (request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        String text = response.getStatus() + "\n";
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
    }

    void drain() {
        admission.drain(limits.stop());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        watch.handling(connection);
        // A handler may work for longer than a connection may be idle; waiting for the client has its own limits.
        request.addIdleTimeoutListener(timeout -> false);
        Optional<Target> target = Target.of(request);
        if (target.isEmpty() || request.getHeaders().size() > limits.headers()) {
            int status = target.isEmpty() ? 400 : 431;
            answers.answered(new Answered(ids.next(), Answered.NO_ENDPOINT, status, 0, Duration.ZERO));
            watch.waiting(connection);
            return refuse(status, request, response, callback);
        }
        var exchange = new JettyExchange(request, response, target.get(), ids.next(), secure, limits);
        long began = System.nanoTime();
        try {
            return carryOut(exchange, request, response, callback);
        } finally {
            // An answer that was taken back was replaced by a plain 500.
            int status = exchange.status();
            answers.answered(new Answered(
                    exchange.requestId(),
                    exchange.endpoint(),
                    status == 0 ? 500 : status,
                    exchange.bytesSent(),
                    Duration.ofNanos(System.nanoTime() - began)));
        }
    }

    private boolean carryOut(JettyExchange exchange, Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        try {
            if (!admission.enter()) {
                answerBusy(exchange);
                exchange.finish();
            } else {
                try {
                    answer(exchange);
                    exchange.finish();
                } finally {
                    admission.leave();
                }
            }
            exchange.discardRest();
        } catch (Throwable fault) {
            if (!(fault instanceof ClientGone) && !exchange.onTheWire()) {
                exchange.takeBack();
                watch.waiting(connection);
                return refuse(500, request, response, callback);
            }
            if (request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion()) {
                connection.getEndPoint().close();
            }
            // On HTTP/2 this resets the one stream.
            watch.waiting(connection);
            callback.failed(new EofException(fault));
            return true;
        }
        watch.waiting(connection);
        callback.succeeded();
        return true;
    }

    private static boolean refuse(int status, Request request, Response response, Callback callback) {
        response.setStatus(status);
        return answerPlainly(request, response, callback);
    }

    private void answerBusy(JettyExchange exchange) throws Exception {
        if (admission.stopping()) {
            exchange.closeConnectionAfterwards();
        }
        errors.busy(exchange, RETRY_AFTER);
    }

    private void answer(JettyExchange exchange) throws Exception {
        try {
            handler.handle(exchange);
            if (!exchange.committed()) {
                throw new IllegalStateException("the handler returned without an answer");
            }
            exchange.requireWhole();
        } catch (ClientGone gone) {
            throw gone;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError fault) {
            if (!(fault instanceof Problem || fault instanceof SignatureProblem || fault instanceof BodyTooSlow)) {
                LOG.error("request {} failed", exchange.requestId(), fault);
            }
            if (exchange.onTheWire()) {
                throw fault;
            }
            exchange.takeBack();
            errors.failed(exchange, fault);
        }
    }
}
