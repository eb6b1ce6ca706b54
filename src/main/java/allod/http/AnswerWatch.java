package allod.http;

/** Is told of every request that came to its end. Called on the request's own thread after the answer, so it is quick. */
@FunctionalInterface
public interface AnswerWatch {
    void answered(Answered answered);
}
