package allod.http;

/** What an address does with a request. Called on a virtual thread of its own, so it may block. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers the request, by {@link Exchange#respond}, before returning.
     *
     * @throws Exception anything: before the answer is on its way it goes to {@link ErrorAnswers#failed}, after that the
     *     connection is aborted
     */
    void handle(Exchange exchange) throws Exception;
}
