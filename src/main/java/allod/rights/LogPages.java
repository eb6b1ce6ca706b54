package allod.rights;

import allod.http.Exchange;
import allod.http.Headers;
import allod.log.LogResource;
import allod.store.PublicLog;
import allod.store.PublicLogs;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;

/**
 * The logs for anyone: the first under {@code /log/}, one that a restore opened under {@code /log/r<number>/}.
 *
 * @see <a href="https://c2sp.org/tlog-tiles">C2SP tlog-tiles</a>
 */
record LogPages(PublicLogs logs) {
    /** A new checkpoint comes every second or so; a monitor that is shown one of a second ago loses nothing. */
    private static final Headers CHECKPOINT =
            Headers.of("Content-Type", "text/plain; charset=utf-8", "Cache-Control", "public, max-age=1");

    /** Tiles and entries never change once they are there, partial ones neither. */
    private static final Headers IMMUTABLE = Headers.of(
            "Content-Type", "application/octet-stream", "Cache-Control", "public, max-age=31536000, immutable");

    /** @param path the whole path of the request, below {@code /log/} */
    void answer(Exchange exchange, String path) throws IOException {
        Optional<PublicLog> log = log(path);
        Optional<LogResource> resource =
                log.flatMap(it -> LogResource.parse(path.substring(it.prefix().length())));
        Optional<byte[]> bytes = resource.flatMap(it -> log.orElseThrow().read(it));
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

    /** The log with the longest prefix: that of the first log begins every path here. */
    private Optional<PublicLog> log(String path) {
        return logs.all().stream()
                .filter(log -> path.startsWith(log.prefix()))
                .max(Comparator.comparingInt(log -> log.prefix().length()));
    }
}
