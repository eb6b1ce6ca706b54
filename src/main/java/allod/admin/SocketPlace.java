package allod.admin;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the socket of a data folder is: {@code admin.sock} in the folder, or, where that path is longer than a socket
 * address can hold or the folder cannot be closed to others, in a private folder that the file {@code admin.path} names.
 */
final class SocketPlace {
    /** Longest path of a socket, in bytes: addresses have room for 104 on macOS and 108 on Linux. */
    static final int MAX_PATH = 100;

    private static final String SOCKET = "admin.sock";
    private static final String POINTER = "admin.path";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private SocketPlace() {}

    /** Chooses the place for a new server and removes what an earlier one, killed, has left of a private folder. */
    static Path choose(Path data, Path temporary) throws IOException {
        forget(data);
        Path socket = data.toAbsolutePath().normalize().resolve(SOCKET);
        if (length(socket) <= MAX_PATH && closeToOthers(data)) {
            return socket;
        }
        Path folder = Files.createTempDirectory(temporary, "allod-", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Path elsewhere = folder.toAbsolutePath().resolve(SOCKET);
        if (length(elsewhere) > MAX_PATH) {
            Files.delete(folder);
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The administrative socket was not opened.",
                    "The path " + elsewhere + " is longer than " + MAX_PATH + " bytes.",
                    "Set XDG_RUNTIME_DIR to a folder with a shorter path.");
        }
        Path pointer = data.resolve(POINTER);
        Files.writeString(pointer, elsewhere.toString());
        Files.setPosixFilePermissions(pointer, OWNER_FILE);
        return elsewhere;
    }

    /** The place of a server that runs, for a client. */
    static Path find(Path data) throws IOException {
        Path pointer = data.resolve(POINTER);
        if (!Files.exists(pointer)) {
            return data.toAbsolutePath().normalize().resolve(SOCKET);
        }
        return Path.of(pointed(pointer));
    }

    /** Removes the socket, and the private folder with the file that names it. */
    static void forget(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(SOCKET));
        Path pointer = data.resolve(POINTER);
        if (!Files.exists(pointer)) {
            return;
        }
        Path socket = Path.of(pointed(pointer));
        Path folder = socket.getParent();
        if (socket.endsWith(SOCKET)
                && folder != null
                && String.valueOf(folder.getFileName()).startsWith("allod-")) {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
        Files.delete(pointer);
    }

    private static String pointed(Path pointer) throws IOException {
        if (Files.size(pointer) > 4096) {
            throw new IOException(pointer + " is not the name of a socket");
        }
        return Files.readString(pointer).strip();
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Takes away what others may do in the folder; false if that is not ours to do. */
    private static boolean closeToOthers(Path data) {
        try {
            if (!Files.getPosixFilePermissions(data).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(data, OWNER_ONLY);
            }
            return Files.getPosixFilePermissions(data).equals(OWNER_ONLY);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
