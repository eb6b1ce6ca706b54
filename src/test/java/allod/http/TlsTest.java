package allod.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    /** A key and a certificate of a minute ago, as an operator's tool would write them. */
    private KeyStore generate(String algorithm) throws Exception {
        Path file = folder.resolve(algorithm + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-keysize",
                        algorithm.equals("EC") ? "256" : "2048",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private Path pem(String name, String label, byte[] content) throws IOException {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + label + "-----\n";
        return Files.writeString(folder.resolve(name), text, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({"EC", "RSA"})
    void pem_files_serve_tls_and_trailers_pass_through_it(String algorithm) throws Exception {
        KeyStore store = generate(algorithm);
        var files = new TlsFiles(
                pem("chain.pem", "CERTIFICATE", store.getCertificate("k").getEncoded()),
                pem("key.pem", "PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded()));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("k", store.getCertificate("k"));
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpHandler handler = exchange -> {
            byte[] content = Listening.readAll(exchange.body());
            String answer = exchange.secure()
                    + new String(content, StandardCharsets.US_ASCII)
                    + exchange.body().trailers().first("x-t").orElse("");
            exchange.respond(200, Headers.empty(), Listening.bytes(answer));
        };
        try (var listener = HttpListener.start(
                        Listening.ANY, Optional.of(files), HttpLimits.defaults(), handler, Listening.ERRORS);
                var client = new RawClient(context.getSocketFactory()
                        .createSocket(listener.bound().host(), listener.bound().port()))) {
            client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nx-t: 9\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("trueab9");
        }
    }

    private record Serving(SSLContext context, TlsFiles files) {}

    private Serving serving(String algorithm) throws Exception {
        KeyStore store = generate(algorithm);
        var files = new TlsFiles(
                pem("chain.pem", "CERTIFICATE", store.getCertificate("k").getEncoded()),
                pem("key.pem", "PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded()));
        return new Serving(trusting(store), files);
    }

    private static SSLContext trusting(KeyStore store) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("k", store.getCertificate("k"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(context)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"http/1.1,http/1.1", "h2;http/1.1,h2", "http/1.1;h2,h2", ",''"})
    void http_2_is_taken_wherever_it_is_offered_and_http_1_by_its_name_or_by_none(
            @Nullable String offered, String chosen) throws Exception {
        Serving serving = serving("EC");
        HttpHandler handler = exchange -> exchange.respond(200, Headers.empty(), Listening.bytes("here"));
        try (var listener = HttpListener.start(
                        Listening.ANY, Optional.of(serving.files()), HttpLimits.defaults(), handler, Listening.ERRORS);
                var socket = (SSLSocket) serving.context()
                        .getSocketFactory()
                        .createSocket(listener.bound().host(), listener.bound().port())) {
            if (offered != null) {
                var parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(offered.split(";", -1));
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo(chosen);
            if (!chosen.equals("h2")) {
                try (var client = new RawClient(socket)) {
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                    assertThat(client.answer().body()).isEqualTo("here");
                }
            }
        }
    }

    @Test
    void http_2_is_spoken_with_targets_and_hosts_as_sent_and_content_of_unknown_length() throws Exception {
        Serving serving = serving("EC");
        HttpHandler handler = exchange -> {
            byte[] content = Listening.readAll(exchange.body());
            String told = exchange.host() + " " + exchange.rawPath() + " " + exchange.rawQuery() + " "
                    + exchange.body().declaredLength() + " " + content.length;
            exchange.respond(200, Headers.empty(), Listening.bytes(told));
        };
        try (var listener = HttpListener.start(
                        Listening.ANY, Optional.of(serving.files()), HttpLimits.defaults(), handler, Listening.ERRORS);
                var client = client(serving.context())) {
            String authority = "localhost:" + listener.bound().port();
            String base = "https://" + authority;
            var plain = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/b/a//c/..%2F%2e/x?y=%20+"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(plain.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(plain.body()).startsWith(authority + " /b/a//c/..%2F%2e/x y=%20+ ");
            var bodies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 20; i++) {
                byte[] content = new byte[100_000 * i];
                bodies.add(client.sendAsync(
                        HttpRequest.newBuilder(URI.create(base + "/" + i))
                                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(bodies.get(i).get().body()).isEqualTo(authority + " /" + i + "  -1 " + 100_000 * i);
            }
        }
    }

    @Test
    void the_limit_of_header_fields_and_a_failing_handler_end_one_stream_of_http_2_alone() throws Exception {
        Serving serving = serving("EC");
        HttpHandler handler = exchange -> {
            if (exchange.rawPath().equals("/cut")) {
                exchange.respond(200, Headers.empty(), 10).write(new byte[5], 0, 5);
                return;
            }
            exchange.respond(200, Headers.empty(), Listening.bytes("well"));
        };
        var limits = HttpLimits.defaults().withHead(8192, 20, java.time.Duration.ofSeconds(5));
        try (var listener = HttpListener.start(
                        Listening.ANY, Optional.of(serving.files()), limits, handler, Listening.ERRORS);
                var client = client(serving.context())) {
            URI uri = URI.create("https://localhost:" + listener.bound().port());
            var many = HttpRequest.newBuilder(uri);
            for (int i = 0; i < 30; i++) {
                many.header("x-" + i, "v");
            }
            assertThat(client.send(many.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(431);
            assertThatThrownBy(() -> client.send(
                            HttpRequest.newBuilder(uri.resolve("/cut")).build(), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThat(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("well");
        }
    }

    @Test
    void a_renewed_certificate_is_shown_without_a_restart_once_both_files_belong_together() throws Exception {
        Serving before = serving("EC");
        try (var listener = HttpListener.start(
                Listening.ANY, Optional.of(before.files()), HttpLimits.defaults(), Listening::echo, Listening.ERRORS)) {
            assertThat(reaches(before.context(), listener)).isTrue();
            KeyStore renewed = generate("RSA");
            pem("chain.pem", "CERTIFICATE", renewed.getCertificate("k").getEncoded());
            listener.lookForRenewal();
            assertThat(reaches(before.context(), listener)).as("half renewed").isTrue();
            Path key =
                    pem("key.pem", "PRIVATE KEY", renewed.getKey("k", PASSWORD).getEncoded());
            // Not to be read at first, as between a tool's writing and its chown, which changes no time and no size.
            FileTime written = Files.getLastModifiedTime(key);
            byte[] pair = Files.readAllBytes(key);
            Files.write(key, new byte[pair.length]);
            Files.setLastModifiedTime(key, written);
            listener.lookForRenewal();
            assertThat(reaches(before.context(), listener))
                    .as("not readable yet")
                    .isTrue();
            Files.write(key, pair);
            Files.setLastModifiedTime(key, written);
            listener.lookForRenewal();
            assertThat(reaches(trusting(renewed), listener)).isTrue();
            assertThat(reaches(before.context(), listener)).isFalse();
        }
    }

    private static boolean reaches(SSLContext context, HttpListener listener) throws Exception {
        try (var client = client(context)) {
            URI uri = URI.create("https://localhost:" + listener.bound().port());
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (javax.net.ssl.SSLException untrusted) {
            return false;
        }
    }

    @Test
    void a_connection_of_http_2_may_have_no_more_unread_content_than_one_of_http_1() throws Exception {
        Serving serving = serving("EC");
        try (var listener = HttpListener.start(
                        Listening.ANY,
                        Optional.of(serving.files()),
                        HttpLimits.defaults(),
                        Listening::echo,
                        Listening.ERRORS);
                var socket = (SSLSocket) serving.context()
                        .getSocketFactory()
                        .createSocket(listener.bound().host(), listener.bound().port())) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            var out = socket.getOutputStream();
            // The preface, empty SETTINGS, and a PING, whose echo tells that what the server grants came before it.
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
            out.flush();
            var in = new DataInputStream(socket.getInputStream());
            int stream = 65_535;
            int connection = 65_535;
            for (int type = -1; type != 6; ) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                type = in.readUnsignedByte();
                in.skipNBytes(5);
                var payload = ByteBuffer.wrap(in.readNBytes(length));
                while (type == 4 && payload.hasRemaining()) {
                    short setting = payload.getShort();
                    int value = payload.getInt();
                    stream = setting == 4 ? value : stream;
                }
                connection += type == 8 ? payload.getInt() : 0;
            }
            assertThat(stream).isLessThanOrEqualTo(HttpListener.UNREAD_BYTES);
            assertThat(connection).isLessThanOrEqualTo(HttpListener.UNREAD_BYTES);
        }
    }

    @Test
    void a_client_that_never_finishes_its_handshake_is_cut() throws Exception {
        KeyStore store = generate("EC");
        var files = new TlsFiles(
                pem("chain.pem", "CERTIFICATE", store.getCertificate("k").getEncoded()),
                pem("key.pem", "PRIVATE KEY", store.getKey("k", PASSWORD).getEncoded()));
        var limits = HttpLimits.defaults().withHead(8192, 100, java.time.Duration.ofMillis(200));
        try (var listener = HttpListener.start(
                        Listening.ANY, Optional.of(files), limits, Listening::echo, Listening.ERRORS);
                var client = new RawClient(listener.bound())) {
            client.send("\u0016\u0003\u0001");
            // At most alerts of the protocol come before the end.
            assertThat(client.rest()).hasSizeLessThan(50);
        }
    }

    @Test
    void files_that_hold_no_key_or_certificate_are_named() throws Exception {
        Path nothing = Files.writeString(folder.resolve("nothing.pem"), "nothing");
        Path encrypted = pem("old.pem", "RSA PRIVATE KEY", new byte[10]);
        Path broken = pem("broken.pem", "PRIVATE KEY", new byte[10]);
        byte[] certificate = generate("EC").getCertificate("k").getEncoded();
        Path chain = pem("chain.pem", "CERTIFICATE", certificate);
        for (var files : new TlsFiles[] {
            new TlsFiles(nothing, nothing),
            new TlsFiles(chain, encrypted),
            new TlsFiles(chain, broken),
            new TlsFiles(folder.resolve("absent"), encrypted)
        }) {
            assertThatThrownBy(() -> HttpListener.start(
                            Listening.ANY,
                            Optional.of(files),
                            HttpLimits.defaults(),
                            Listening::echo,
                            Listening.ERRORS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(folder.toString());
        }
    }
}
