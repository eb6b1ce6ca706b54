package allod.http;

import java.time.Duration;

/**
 * A request that came to its end, told without anything that its client chose.
 *
 * @param requestId the id that the answer carried
 * @param endpoint what carried it out, from a fixed set; {@link #NO_ENDPOINT} if it never got that far
 * @param status the answer's status; the connection may have ended before the answer did
 * @param bytes of content that were sent
 * @param took from the end of the head to the end of the answer
 */
public record Answered(String requestId, String endpoint, int status, long bytes, Duration took) {
    /** The endpoint of a request that was refused before anything was found to carry it out. */
    public static final String NO_ENDPOINT = "none";
}
