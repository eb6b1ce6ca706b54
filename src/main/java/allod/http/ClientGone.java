package allod.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The connection ended, or was ended, before the exchange did; there is nobody to answer. */
public final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    ClientGone(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
