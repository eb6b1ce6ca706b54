package allod.keys.transit;

import allod.base.Problem;
import allod.base.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of one PEM file and in no others. */
final class TransitTls {
    private static final int MAX_BYTES = 1 << 20;

    private TransitTls() {}

    /** @throws Problem INVALID_ARGUMENT if the file holds no certificate that can be read */
    static SSLContext trusting(String custodian, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is longer than 1 MiB");
            }
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (certificates.isEmpty()) {
                throw new IOException("it holds no certificate");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number, certificate);
                number++;
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Custodian " + custodian + " cannot be set up.",
                    "Its ca-file " + file + " cannot be used: " + e.getMessage() + ".",
                    "Name a PEM file with the certificates to trust.",
                    e);
        }
    }
}
