package allod.keys.transit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One secret alone in a file, read again whenever the file changes. */
final class SecretFile {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final String what;
    private final Path file;
    private @Nullable FileTime modified;
    private long size;
    private String secret = "";

    /** @param what the setting that names the file, for messages */
    SecretFile(String what, Path file) {
        this.what = what;
        this.file = file;
    }

    synchronized String read() throws IOException {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            long length = Files.size(file);
            if (!now.equals(modified) || length != size || secret.isEmpty()) {
                readAnew(length);
                modified = now;
                size = length;
            }
            return secret;
        } catch (NoSuchFileException e) {
            throw new IOException("its " + what + " " + file + " is not there", e);
        }
    }

    private void readAnew(long length) throws IOException {
        if (length > Login.MAX_BYTES) {
            throw new IOException("its " + what + " " + file + " is longer than " + Login.MAX_BYTES + " bytes");
        }
        // Latin-1 reads any byte, so that what is not a secret is told below and not by a decoder that quotes it.
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException("its " + what + " " + file + " does not hold one line of printable characters");
        }
        secret = text;
    }

    /** A file that others may read is told of; on a file system without such rights nothing can be said. */
    List<String> remarks() {
        try {
            boolean open = Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
            return open ? List.of("The " + what + " " + file + " can be read by others than its owner.") : List.of();
        } catch (IOException | UnsupportedOperationException e) {
            return List.of();
        }
    }
}
