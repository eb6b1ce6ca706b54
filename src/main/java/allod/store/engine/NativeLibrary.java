package allod.store.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's native library, unpacked from its jar once and loaded by its path. RocksDB's own way unpacks it anew at each
 * start into the temporary folder, where every killed process leaves 17 MB behind.
 *
 * <p>The unpacked file lies in a folder named by its CRC and size, is written beside, synced and renamed, so that several
 * processes may unpack at once and none ever loads half a file.
 */
final class NativeLibrary {
    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library, unpacking it into the folder if it is not there yet. The first call of a process decides.
     *
     * @throws IOException if there is no library for this machine, or it cannot be written or loaded
     */
    static synchronized void load(Path folder) throws IOException {
        if (loaded) {
            return;
        }
        Path home = unpack(folder);
        try {
            RocksDB.loadLibrary(List.of(home.toString()));
        } catch (UnsatisfiedLinkError e) {
            throw new IOException(
                    "the native library in " + home + " cannot be loaded; is its folder mounted noexec?", e);
        }
        loaded = true;
    }

    /** The folder of the unpacked library; unpacks it if it is absent or has another size than the jar's. */
    static Path unpack(Path folder) throws IOException {
        String file = Environment.getJniLibraryFileName("rocksdb");
        URL resource = RocksDB.class.getResource("/" + file);
        if (resource == null) {
            throw new IOException("RocksDB has no native library for this machine: " + file);
        }
        if (!(resource.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException("RocksDB's library does not lie in a jar: " + resource);
        }
        var entry = connection.getJarEntry();
        String version = HexFormat.of().toHexDigits((int) entry.getCrc()) + "-" + entry.getSize();
        Path home = folder.resolve("rocksdb-" + version).toAbsolutePath();
        // The name under which RocksDB looks for it in a folder, which is not the one it has in the jar.
        Path target = home.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (!Files.exists(target) || Files.size(target) != entry.getSize()) {
            try (InputStream content = connection.getInputStream()) {
                writeBeside(content, home, target);
            }
        }
        return home;
    }

    private static void writeBeside(InputStream content, Path home, Path target) throws IOException {
        Files.createDirectories(
                home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path beside = Files.createTempFile(home, "unpacking-", ".tmp");
        try {
            Files.copy(content, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (var channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
