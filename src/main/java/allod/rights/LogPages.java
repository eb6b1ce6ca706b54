package allod.rights;

import allod.http.Exchange;
import allod.http.Headers;
import allod.log.LogResource;
import allod.store.PublicLog;
import java.io.IOException;
import java.util.Optional;

/**
 * The log for anyone, under {@code /log/}.
 *
 * @see <a href="https://c2sp.org/tlog-tiles">C2SP tlog-tiles</a>
 */
record LogPages(PublicLog log) {
    /** A new checkpoint comes every second or so; a monitor that is shown one of a second ago loses nothing. */
    private static final Headers CHECKPOINT =
            Headers.of("Content-Type", "text/plain; charset=utf-8", "Cache-Control", "public, max-age=1");

    /** Tiles and entries never change once they are there, partial ones neither. */
    private static final Headers IMMUTABLE = Headers.of(
            "Content-Type", "application/octet-stream", "Cache-Control", "public, max-age=31536000, immutable");

    void answer(Exchange exchange, String path) throws IOException {
        Optional<LogResource> resource = LogResource.parse(path);
        Optional<byte[]> bytes = resource.flatMap(log::read);
        if (resource.isEmpty() || bytes.isEmpty()) {
            PactHandler.notFound(
                    exchange,
                    "The log has no such resource at its present size.",
                    "Read /log/checkpoint for the size, and ask for what a tree of that size has.");
            return;
        }
        Headers headers = switch (resource.get()) {
            case LogResource.LatestCheckpoint checkpoint -> CHECKPOINT;
            case LogResource.Tile tile -> IMMUTABLE;
            case LogResource.EntryBundle bundle -> IMMUTABLE;
        };
        exchange.respond(200, headers, bytes.get());
    }
}
