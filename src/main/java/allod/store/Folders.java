package allod.store;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.CustodyFolder;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two folders of an installation: whether they may be opened, and whether they belong together. */
final class Folders {
    private Folders() {}

    /** Holds a data folder for one process. */
    static final class Lock implements AutoCloseable {
        private final FileChannel channel;
        private final FileLock lock;

        private Lock(FileChannel channel, FileLock lock) {
            this.channel = channel;
            this.lock = lock;
        }

        /** @throws Problem UNUSABLE_FOLDER if another process holds it */
        static Lock take(Disk disk, Path folder) throws IOException {
            disk.createFolders(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException heldHere) {
                // Held by this very process: the same refusal.
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new Problem(
                        Reason.UNUSABLE_FOLDER,
                        "The data folder " + folder + " cannot be opened.",
                        "Another process has it open.",
                        "Stop that process, or choose another folder with --data.");
            }
            return new Lock(channel, lock);
        }

        @Override
        public void close() throws IOException {
            lock.release();
            channel.close();
        }
    }

    /** Refuses records of a later version by name. */
    static void checkFamilies(MetadataEngine map) {
        byte[] at = {0};
        while (true) {
            try (Cursor cursor = map.scan(at, new byte[] {(byte) (at[0] + 1)})) {
                if (cursor.next()) {
                    Family.check(at[0]);
                }
            }
            if (at[0] == (byte) 0xfe) {
                return;
            }
            at = new byte[] {(byte) (at[0] + 1)};
        }
    }

    /** Names, in a data folder, the backup that is being fetched into it. */
    static final String RESTORING = "restoring";

    /** Refuses a folder into which a backup is being fetched. */
    static void requireNoRestore(Path data) {
        if (Files.exists(data.resolve(RESTORING))) {
            throw unfinishedRestore();
        }
    }

    /** Refuses a map whose restore was begun and not finished. */
    static void requireNoRestore(MetadataEngine map) {
        if (map.get(MapKey.RESTORE) != null) {
            throw unfinishedRestore();
        }
    }

    private static Problem unfinishedRestore() {
        return new Problem(
                Reason.UNUSABLE_FOLDER,
                "The server was not started; nothing was changed.",
                "A restore of this data folder was begun and not finished.",
                "Run it again: allod restore, with the same folders.");
    }

    private static boolean isUsed(CustodyFolder custody) {
        return custody.logHead().isPresent() || !custody.domains().isEmpty();
    }

    /** Refuses a data folder without a map where custody has keys, before the engine makes one there. */
    static void requireMap(Path data, CustodyFolder custody) {
        if (isUsed(custody) && !Files.exists(data.resolve("map").resolve("CURRENT"))) {
            throw empty(data);
        }
    }

    private static Problem empty(Path data) {
        return new Problem(
                Reason.UNUSABLE_FOLDER,
                "The server was not started.",
                "The data folder " + data + " is empty, but the custody folder holds the keys of an installation.",
                "Put the data folder back, or restore it from a backup: allod restore --from; to begin anew, remove both"
                        + " folders.");
    }

    /**
     * Checks that map and custody are one installation.
     *
     * @return the map's row; empty where both folders are new
     * @throws Problem UNUSABLE_FOLDER, naming what to do
     */
    static Optional<FormatRow> match(MetadataEngine map, CustodyFolder custody, Path data) {
        byte[] value = map.get(MapKey.FORMAT);
        boolean custodyIsUsed = isUsed(custody);
        if (value == null) {
            if (custodyIsUsed) {
                throw empty(data);
            }
            return Optional.empty();
        }
        FormatRow row = FormatRow.decode(value);
        if (row.version() > FormatRow.CURRENT) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The server was not started.",
                    "The data folder has format " + row.version() + "; this version knows " + FormatRow.CURRENT + ".",
                    "Start the version of Allod that wrote it.");
        }
        boolean firstStartCut = custody.roots(Domains.SYSTEM).pending().isPresent();
        if (!custodyIsUsed && !firstStartCut) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The server was not started.",
                    "The data folder " + data + " is in use, but the custody folder is empty: without its keys nothing"
                            + " can be read.",
                    "Put the custody folder back. If it is lost, the data is lost: remove both folders to begin anew.");
        }
        if (!Arrays.equals(row.installation(), custody.installation())) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The server was not started.",
                    "The data folder belongs to installation " + hex(row.installation()) + ", the custody folder to "
                            + hex(custody.installation()) + ".",
                    "Name the two folders that belong together: --data and --custody.");
        }
        return Optional.of(row);
    }

    /** Why an old copy cannot be restored. */
    static Problem unusable(String why, String next) {
        return new Problem(Reason.UNUSABLE_FOLDER, "Nothing was restored.", why, next);
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    /** The name of a log whose operator gave none. */
    static String defaultOrigin(byte[] installation) {
        return "allod.local/" + hex(installation).substring(0, 16);
    }
}
