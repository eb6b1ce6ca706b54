package allod.keys.transit;

import java.io.IOException;
import java.util.List;

/** Where the token of each request comes from. Safe for use by many threads. */
interface Login {
    /** Longest token, role id or secret id read from a file, in bytes. */
    int MAX_BYTES = 4096;

    /**
     * The token to send.
     *
     * @throws IOException if there is none; the message says why and holds no secret
     */
    String token() throws IOException;

    /**
     * The server refused a token.
     *
     * @return whether {@link #token} has another one now, so that the request may be sent once more
     */
    boolean replace(String refused) throws IOException;

    /** What the operator should know of how the secret is kept. */
    List<String> remarks();
}
