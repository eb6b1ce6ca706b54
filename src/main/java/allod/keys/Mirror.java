package allod.keys;

import allod.base.Disk;
import allod.base.Disk.OpenFile;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One path of the custody folder: its lock, its identity, its journal and its file of keys. */
final class Mirror {
    private static final String LOCK_FILE = "lock";

    /** Network file systems, on which neither locks nor overwriting in place can be relied on. */
    private static final Set<String> REFUSED_TYPES = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "sshfs");

    private final Path folder;
    private final String fileSystem;
    private final FileChannel lock;
    private @Nullable MirrorIdentity identity;
    private @Nullable Journal journal;
    private @Nullable KeyFile keyFile;

    private Mirror(Path folder, String fileSystem, FileChannel lock) {
        this.folder = folder;
        this.fileSystem = fileSystem;
        this.lock = lock;
    }

    /**
     * Takes the folder for this process.
     *
     * @throws Problem UNUSABLE_FOLDER if another process has it, or its file system is refused
     */
    static Mirror take(Path folder, Disk disk) throws IOException {
        String type = Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
        requireUsable(folder, type);
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            taken = false;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw unusable(folder, "Another process uses it.", "Stop that process, or name another --custody folder.");
        }
        return new Mirror(folder, type, channel);
    }

    static void requireUsable(Path folder, String fileSystem) {
        if (REFUSED_TYPES.contains(fileSystem) || fileSystem.endsWith(".sshfs")) {
            throw unusable(
                    folder,
                    "It lies on the network file system " + fileSystem
                            + ", where destroying a key cannot be relied on.",
                    "Name a --custody folder on a local disk.");
        }
    }

    static Problem unusable(Path folder, String why, String next) {
        return new Problem(Reason.UNUSABLE_FOLDER, "The custody folder " + folder + " cannot be used.", why, next);
    }

    /**
     * The identity the folder has; empty if it is new.
     *
     * @throws IOException if it cannot be read, or the folder holds keys without one
     */
    Optional<MirrorIdentity> readIdentity(Disk disk) throws IOException {
        Path path = folder.resolve(MirrorIdentity.FILE);
        if (!disk.exists(path)) {
            requireUnused(disk);
            return Optional.empty();
        }
        try (OpenFile file = disk.open(path, Disk.Mode.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), 4096));
            file.read(bytes, 0);
            identity = MirrorIdentity.parse(Arrays.copyOf(bytes.array(), bytes.position()));
            return Optional.of(identity);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void requireUnused(Disk disk) throws IOException {
        for (Path path : disk.list(folder)) {
            String name = path.getFileName().toString();
            if (name.startsWith("journal-") || name.equals(KeyFile.FILE)) {
                throw new IOException(
                        "it holds " + name + " but not the file 'mirror' that says what it belongs to; put that back");
            }
        }
    }

    /** Gives a new folder its identity, whole or not at all. */
    void writeIdentity(Disk disk, MirrorIdentity fresh) throws IOException {
        Path unfinished = folder.resolve(MirrorIdentity.FILE + ".new");
        disk.delete(unfinished);
        try (OpenFile file = disk.open(unfinished, Disk.Mode.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(fresh.encode()), 0);
            file.force();
        }
        disk.rename(unfinished, folder.resolve(MirrorIdentity.FILE));
        disk.forceFolder(folder);
        identity = fresh;
    }

    void openFiles(Disk disk, long segmentBytes) throws IOException {
        try {
            keyFile = KeyFile.open(disk, folder);
            journal = Journal.open(disk, folder, identity(), segmentBytes);
        } catch (Segment.DamagedJournal e) {
            throw new Problem(
                    Reason.DAMAGED,
                    "The custody folder " + folder + " cannot be opened.",
                    "Its journal is damaged: " + e.getMessage() + ".",
                    "Use another mirror of it, and check this disk.",
                    e);
        }
    }

    Path folder() {
        return folder;
    }

    MirrorIdentity identity() {
        return opened(identity);
    }

    /** The type of its file system, in small letters. */
    String fileSystem() {
        return fileSystem;
    }

    Journal journal() {
        return opened(journal);
    }

    KeyFile keyFile() {
        return opened(keyFile);
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the mirror is not open");
        }
        return part;
    }

    void close() {
        if (journal != null) {
            journal.close();
        }
        if (keyFile != null) {
            keyFile.close();
        }
        try {
            lock.close();
        } catch (IOException ignored) {
            // The lock ends with the process in any case.
        }
    }
}
