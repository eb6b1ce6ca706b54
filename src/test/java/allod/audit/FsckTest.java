package allod.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.Checkpoint;
import allod.log.DerivedTiles;
import allod.log.EntrySource;
import allod.log.EventLeaf;
import allod.log.Hash;
import allod.log.LogResource;
import allod.log.NoteSigner;
import allod.log.TiledTree;
import allod.receipt.SampleReceipt;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FsckTest {
    private static final int SIZE = 600;

    /** Within the first hash of a tile, and within the first entry of a bundle. */
    private static final int DAMAGED_BYTE = 20;

    private static final NoteSigner LOG = SampleReceipt.LOG;

    @TempDir
    Path folder = Path.of("replaced");

    private final List<String> progress = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger refusals = new AtomicInteger();
    private HttpServer server = newServer();

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void writeAndServeALog() throws IOException {
        EntrySource entries = (first, count) -> IntStream.range(0, count)
                .mapToObj(i -> EventLeaf.entry(Hash.sha256(new byte[] {(byte) (first + i), (byte) ((first + i) >> 8)})))
                .toList();
        TiledTree tree = new TiledTree(new DerivedTiles(entries, (level, index) -> Optional.empty()), SIZE);
        write(
                "checkpoint",
                LOG.sign(new Checkpoint(LOG.verifierKey().name(), SIZE, tree.root()).text())
                        .encode());
        for (int level = 0; level < 2; level++) {
            for (long n = 0; LogResource.widthAt(level, n, SIZE) > 0; n++) {
                LogResource.Tile tile = new LogResource.Tile(level, n, LogResource.widthAt(level, n, SIZE));
                write(tile.path(), tree.render(tile).orElseThrow());
                if (level == 0) {
                    LogResource.EntryBundle bundle = new LogResource.EntryBundle(n, tile.width());
                    write(bundle.path(), tree.render(bundle, entries).orElseThrow());
                }
            }
        }
        server.setExecutor(threads);
        server.createContext("/log/", exchange -> {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring("/log/".length()));
            boolean there = Files.isRegularFile(file);
            if (refusals.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else if (there) {
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void write(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private void damage(String path) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(path));
        bytes[DAMAGED_BYTE] ^= 1;
        write(path, bytes);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private FsckResult check(String source) {
        return Fsck.check(source, LOG.verifierKey(), progress::add);
    }

    @Test
    void a_whole_log_holds_from_a_folder_and_from_a_url() {
        for (String source : List.of(folder.toString(), url("/log"), url("/log/"))) {
            FsckResult result = check(source);
            assertThat(result.exitCode()).as(result.text()).isEqualTo(ExitCode.HOLDS);
            assertThat(result.text())
                    .contains("600 entries, 4 tiles", "600 events", "Everything holds")
                    .endsWith("\n");
            assertThat(result.json()).contains("\"entries\":600", "\"exitCode\":0");
            assertThat(progress).isEmpty();
        }
    }

    @Test
    void a_log_under_another_key_fails() {
        NoteSigner other = NoteSigner.ofLog(LOG.verifierKey().name(), SampleReceipt.bytes(9, 32));
        FsckResult result = Fsck.check(folder.toString(), other.verifierKey(), progress::add);
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.text()).contains("FAULT    the checkpoint is not the log's");
    }

    @Test
    void a_damaged_or_missing_resource_fails_and_is_named() throws IOException {
        damage("tile/0/001");
        damage("tile/1/000.p/2");
        Files.delete(folder.resolve("tile/0/002.p/88"));
        FsckResult result = check(folder.toString());
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.text())
                .contains(
                        "tile/0/001 does not follow", "tile/1/000.p/2 does not follow", "tile/0/002.p/88 is not there");
    }

    @Test
    void an_entry_that_was_changed_fails() throws IOException {
        damage("tile/entries/000");
        FsckResult result = check(url("/log"));
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.text()).contains("which is not the checkpoint's root");
    }

    @Test
    void a_source_that_is_not_there_is_unreadable_and_one_without_a_log_fails() throws IOException {
        assertThat(check(folder.resolve("none").toString()).exitCode()).isEqualTo(ExitCode.UNREADABLE);
        assertThat(check("http://").exitCode()).isEqualTo(ExitCode.UNREADABLE);
        assertThat(check(url("/log?x=1")).exitCode()).isEqualTo(ExitCode.UNREADABLE);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(check(empty.toString()).text()).contains("checkpoint is not there");
        assertThat(check(url("/elsewhere")).text()).contains("checkpoint is not there");
    }

    @Test
    void a_server_that_is_busy_for_a_moment_is_asked_again_and_then_no_more() {
        refusals.set(2);
        assertThat(check(url("/log")).exitCode()).isEqualTo(ExitCode.HOLDS);
        refusals.set(3);
        FsckResult result = check(url("/log"));
        assertThat(result.exitCode()).isEqualTo(ExitCode.UNREADABLE);
        assertThat(result.text()).contains("answered 503");
    }

    @Test
    void an_answer_is_read_up_to_its_limit_and_not_one_byte_more() throws IOException {
        write("some", new byte[1000]);
        try (WebResources web = new WebResources()) {
            assertThat(web.get(URI.create(url("/log/some")), 1000))
                    .hasValueSatisfying(b -> assertThat(b).hasSize(1000));
            assertThatThrownBy(() -> web.get(URI.create(url("/log/some")), 999)).isInstanceOf(IOException.class);
        }
        FolderResources files = new FolderResources(folder);
        assertThat(files.fetch("some", 1000))
                .hasValueSatisfying(b -> assertThat(b).hasSize(1000));
        assertThatThrownBy(() -> files.fetch("some", 999)).isInstanceOf(IOException.class);
    }

    @Test
    void a_server_that_never_ends_its_answer_is_left() {
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write(1);
            out.flush();
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (WebResources web = new WebResources(Duration.ofMillis(100))) {
            assertThatThrownBy(() -> web.get(URI.create(url("/slow")), 1000))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no whole answer");
        }
    }

    @Test
    void a_redirect_is_not_followed() {
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", url("/log/checkpoint"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        try (WebResources web = new WebResources()) {
            assertThatThrownBy(() -> web.get(URI.create(url("/moved")), 1000)).hasMessageContaining("answered 302");
        }
    }

    @Test
    void the_key_of_a_pact_document_is_fetched() throws IOException {
        byte[] document = ("{\"log\":{\"vkey\":\"" + LOG.verifierKey() + "\"}}").getBytes(StandardCharsets.UTF_8);
        server.createContext(PactDocument.PATH, exchange -> {
            exchange.sendResponseHeaders(200, document.length);
            exchange.getResponseBody().write(document);
            exchange.close();
        });
        assertThat(PactDocument.fetchLogKey(URI.create(url("")))).isEqualTo(LOG.verifierKey());
        assertThat(PactDocument.fetchLogKey(URI.create(url("/")))).isEqualTo(LOG.verifierKey());
        assertThatThrownBy(() -> PactDocument.fetchLogKey(URI.create("ftp://127.0.0.1/")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PactDocument.fetchLogKey(URI.create(url("/log"))))
                .isInstanceOf(IOException.class);
    }
}
