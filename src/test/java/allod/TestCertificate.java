package allod;

import allod.http.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine that signs itself, with its key, as an operator's tool would write them. */
public final class TestCertificate {
    private static final String PASSWORD = "changeit";

    private final TlsFiles files;
    private final KeyStore trusted;

    private TestCertificate(TlsFiles files, KeyStore trusted) {
        this.files = files;
        this.trusted = trusted;
    }

    /** Makes one; its PEM files are in the folder. */
    public static TestCertificate generate(Path folder) throws IOException {
        Path keystore = folder.resolve("certificate.p12");
        keytool(keystore);
        try (var in = Files.newInputStream(keystore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            Path chain = pem(
                    folder.resolve("chain.pem"),
                    "CERTIFICATE",
                    store.getCertificate("k").getEncoded());
            Path key = pem(
                    folder.resolve("key.pem"),
                    "PRIVATE KEY",
                    store.getKey("k", PASSWORD.toCharArray()).getEncoded());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("k", store.getCertificate("k"));
            return new TestCertificate(new TlsFiles(chain, key), trusted);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void keytool(Path keystore) throws IOException {
        String arguments = "-genkeypair -alias k -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 2"
                + " -ext san=dns:localhost,ip:127.0.0.1 -ext bc=ca:true -storetype PKCS12 -storepass " + PASSWORD
                + " -keystore " + keystore;
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder((keytool + " " + arguments).split(" ", -1))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool ended with " + process.exitValue());
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Path pem(Path file, String label, byte[] content) throws IOException {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
        return Files.writeString(file, text, StandardCharsets.US_ASCII);
    }

    public TlsFiles files() {
        return files;
    }

    /** Trusts this certificate alone. */
    public TrustManager[] trustManagers() {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client's side of TLS that trusts this certificate alone. */
    public SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
