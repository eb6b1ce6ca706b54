package allod.http;

import java.nio.file.Path;

/**
 * A server's certificate and its key, as PEM files.
 *
 * @param chain X.509 certificates, the server's own first
 * @param key an unencrypted PKCS #8 private key ({@code BEGIN PRIVATE KEY})
 */
public record TlsFiles(Path chain, Path key) {}
