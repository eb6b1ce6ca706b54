package allod.backup;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.Set;

/** A folder for backups, on a disk of its own where the operator is wise. */
final class FolderPlace implements BackupPlace {
    private static final int BUFFER = 1 << 20;

    private final Disk disk;
    private final Path root;
    /** Folders with names that are not durable yet. */
    private final Set<Path> changed = new LinkedHashSet<>();

    FolderPlace(Disk disk, Path root) {
        this.disk = disk;
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * The place, made where it is new.
     *
     * @throws Problem INVALID_ARGUMENT if something else lies in the folder
     */
    static FolderPlace make(Disk disk, Path root) throws IOException {
        var place = new FolderPlace(disk, root);
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw unusable(root, "It is not a folder.");
        }
        boolean ours = Files.exists(root.resolve("backups")) || Files.exists(root.resolve("incoming"));
        if (!ours && Files.isDirectory(root)) {
            try (var names = Files.list(root)) {
                if (names.findAny().isPresent()) {
                    throw unusable(root, "Something else lies in it.");
                }
            }
        }
        disk.createFolders(place.root.resolve("incoming"));
        place.clearIncoming();
        return place;
    }

    private static Problem unusable(Path root, String why) {
        return new Problem(
                Reason.INVALID_ARGUMENT,
                "No backup was made in " + root + ".",
                why,
                "Name an empty folder, or one that holds backups.");
    }

    private void clearIncoming() throws IOException {
        for (Path left : disk.list(root.resolve("incoming"))) {
            disk.delete(left);
        }
    }

    @Override
    public void list(String prefix, Visitor visitor) throws IOException {
        Path folder = root.resolve(prefix);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                visitor.visit(root.relativize(file).toString(), Files.size(file));
            }
        }
    }

    @Override
    public String put(String name, Path file) throws IOException {
        Path target = root.resolve(name);
        Path incoming = root.resolve("incoming").resolve(name.replace('/', '-'));
        disk.delete(incoming);
        MessageDigest read = BackupManifest.sha256();
        MessageDigest written = BackupManifest.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file);
                Disk.OpenFile out = disk.open(incoming, Disk.Mode.CREATE_NEW)) {
            long at = 0;
            for (int count; (count = in.readNBytes(buffer, 0, buffer.length)) > 0; at += count) {
                read.update(buffer, 0, count);
                out.write(ByteBuffer.wrap(buffer, 0, count), at);
            }
            out.force();
            long back = 0;
            for (int count; (count = out.read(ByteBuffer.wrap(buffer), back)) > 0; back += count) {
                written.update(buffer, 0, count);
            }
        }
        String hash = BackupManifest.hex(read.digest());
        if (!hash.equals(BackupManifest.hex(written.digest()))) {
            disk.delete(incoming);
            throw new IOException(target + " does not read back as it was written");
        }
        Path folder = parent(target);
        for (Path missing = folder; !Files.isDirectory(missing); missing = parent(missing)) {
            changed.add(parent(missing));
        }
        disk.createFolders(folder);
        disk.rename(incoming, target);
        changed.add(folder);
        return hash;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " lies in no folder");
        }
        return parent;
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(root.resolve(name));
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = root.resolve(name);
        disk.delete(file);
        changed.add(parent(file));
    }

    @Override
    public void settle() throws IOException {
        for (Path folder : changed) {
            disk.forceFolder(folder);
        }
        changed.clear();
    }

    @Override
    public String toString() {
        return root.toString();
    }

    @Override
    public void close() {}
}
