package allod.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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
