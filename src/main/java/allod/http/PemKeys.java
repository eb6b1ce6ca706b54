package allod.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Reads a certificate chain and its private key from PEM files (RFC 7468). */
final class PemKeys {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final int MAX_BYTES = 1024 * 1024;

    private PemKeys() {}

    static SslContextFactory.Server contextFactory(TlsFiles files) throws IOException {
        var factory = new SslContextFactory.Server();
        // The store lives in memory only; its password guards nothing.
        factory.setKeyStore(keyStore(files));
        factory.setKeyStorePassword("");
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setRenegotiationAllowed(false);
        return factory;
    }

    /** The two files as one entry; the key must be the certificate's. */
    static KeyStore keyStore(TlsFiles files) throws IOException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] chain = chain(files.chain());
            PrivateKey key = key(files.key());
            requirePair(key, chain[0].getPublicKey());
            store.setKeyEntry("server", key, new char[0], chain);
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the certificate " + files.chain() + " and the key " + files.key() + " cannot serve", e);
        }
    }

    /** Two files are not replaced at once, so for a while they may belong to different pairs. */
    private static void requirePair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] probe = {1};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not the certificate's");
        }
    }

    private static Certificate[] chain(Path file) throws IOException {
        try {
            var chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(read(file)));
            if (chain.isEmpty()) {
                throw new IOException(file + " holds no certificate");
            }
            return chain.toArray(Certificate[]::new);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no readable certificate", e);
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        var found = PKCS8.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new IOException(file + " holds no unencrypted PKCS #8 key (BEGIN PRIVATE KEY); "
                    + "openssl pkcs8 -topk8 -nocrypt makes one of an older form");
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Of another algorithm; the next may fit.
            } catch (GeneralSecurityException e) {
                throw new IOException("this Java has no " + algorithm + " keys", e);
            }
        }
        throw new IOException(file + " holds neither an EC, an RSA nor an EdDSA key");
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is over 1 MiB, which no certificate file is");
        }
        return Files.readAllBytes(file);
    }
}
