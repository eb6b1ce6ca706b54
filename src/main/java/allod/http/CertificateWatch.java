package allod.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.eclipse.jetty.util.ssl.SslContextFactory;
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
    private State seen;
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
        this.seen = State.of(files);
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

    /** Looks once. */
    synchronized void look() {
        try {
            State now = State.of(files);
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            var store = PemKeys.keyStore(files);
            factory.reload(reloaded -> reloaded.setKeyStore(store));
            LOG.info("the certificate {} was read anew", files.chain());
        } catch (Exception e) {
            LOG.warn("the certificate changed and cannot serve yet; the one before stays: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
