package allod.audit;

import allod.log.LogFetcher;
import allod.log.LogFsck;
import allod.log.LogResource;
import allod.log.VerifierKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks a whole log, at a URL or in a folder: reads every entry and computes everything else from them. */
public final class Fsck {
    /** Entry bundles between two lines of progress: 65,536 entries. */
    private static final int BUNDLES_A_LINE = 256;

    private Fsck() {}

    /**
     * Checks a log against the checkpoint it serves now.
     *
     * @param source the log's URL prefix, such as {@code http://127.0.0.1:9001/log}, or a folder with the same layout
     * @param key the log's key, known from elsewhere
     * @param progress takes a line now and then
     */
    public static FsckResult check(String source, VerifierKey key, Consumer<String> progress) {
        try {
            return source.startsWith("http://") || source.startsWith("https://")
                    ? checkWeb(URI.create(source), key, progress)
                    : checkFolder(Path.of(source), key, progress);
        } catch (IOException | IllegalArgumentException e) {
            return new FsckResult.Unreadable(source, String.valueOf(e.getMessage()));
        }
    }

    private static FsckResult checkWeb(URI prefix, VerifierKey key, Consumer<String> progress) throws IOException {
        try (WebResources web = new WebResources()) {
            return check(
                    prefix.toString(),
                    (path, maxBytes) -> web.get(WebResources.under(prefix, path), maxBytes),
                    key,
                    progress);
        }
    }

    private static FsckResult checkFolder(Path folder, VerifierKey key, Consumer<String> progress) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder);
        }
        return check(folder.toString(), new FolderResources(folder), key, progress);
    }

    private static FsckResult check(String source, LogFetcher from, VerifierKey key, Consumer<String> progress)
            throws IOException {
        return new FsckResult.Read(source, LogFsck.check(new Counting(from, progress), key));
    }

    /** Tells of the entries read so far. */
    private static final class Counting implements LogFetcher {
        private final LogFetcher from;
        private final Consumer<String> progress;
        private long bundles;

        Counting(LogFetcher from, Consumer<String> progress) {
            this.from = from;
            this.progress = progress;
        }

        @Override
        public Optional<byte[]> fetch(String path, int maxBytes) throws IOException {
            Optional<byte[]> bytes = from.fetch(path, maxBytes);
            if (bytes.isPresent() && path.startsWith("tile/entries/")) {
                bundles++;
                if (bundles % BUNDLES_A_LINE == 0) {
                    progress.accept(bundles * LogResource.TILE_WIDTH + " entries read");
                }
            }
            return bytes;
        }
    }
}
