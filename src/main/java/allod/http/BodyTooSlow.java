package allod.http;

import java.io.IOException;

/** The client sent its content below the least rate that {@link HttpLimits} asks for. */
public final class BodyTooSlow extends IOException {
    private static final long serialVersionUID = 1;

    BodyTooSlow(String message) {
        super(message);
    }
}
