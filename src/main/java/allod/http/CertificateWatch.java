package allod.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up a renewed certificate without a restart: looks at both files at intervals, and once they changed and belong
 * together, connections from then on are shown the new one. Until then, and if the files cannot be read, the old one stays.
 */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final TlsFiles files;
    private final SslContextFactory.Server factory;
    /** The pair that is shown now. */
    private State shown;
    /** A pair that was warned of, so that it is not at each look. */
    private @Nullable State refused;

    private volatile boolean closed;

    /** What tells that a file changed. */
    private record State(FileTime chain, long chainBytes, FileTime key, long keyBytes) {
        static State of(TlsFiles files) throws IOException {
            return new State(
                    time(files.chain()), Files.size(files.chain()), time(files.key()), Files.size(files.key()));
        }

        private static FileTime time(Path file) throws IOException {
            return Files.getLastModifiedTime(file);
        }
    }

    CertificateWatch(TlsFiles files, SslContextFactory.Server factory) throws IOException {
        this.files = files;
        this.factory = factory;
        this.shown = State.of(files);
    }

    void start() {
        Thread.ofVirtual().name("http-certificate-watch").start(() -> {
            while (!closed) {
                try {
                    Thread.sleep(INTERVAL);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                look();
            }
        });
    }

    /** Looks once. What cannot be read is tried again at each look, for a change of its mode alone shows nowhere. */
    synchronized void look() {
        State now = null;
        try {
            now = State.of(files);
            if (now.equals(shown)) {
                return;
            }
            var store = PemKeys.keyStore(files);
            factory.reload(reloaded -> reloaded.setKeyStore(store));
            shown = now;
            LOG.info("the certificate {} was read anew", files.chain());
        } catch (Exception e) {
            if (now == null || !now.equals(refused)) {
                LOG.warn("the certificate changed and cannot serve yet; the one before stays: {}", e.getMessage());
            }
            refused = now;
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
