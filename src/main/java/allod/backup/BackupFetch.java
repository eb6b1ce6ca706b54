package allod.backup;

import allod.backup.BackupManifest.Line;
import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a backup into a data folder that is empty: the map first, beside its place, then the blobs, and last the map
 * moves into its place. A file says what is being fetched, for as long as the restore that follows is not finished; so a
 * fetch that was cut short is gone on with, and no server starts on half of it. Every file is checked against its hash.
 */
public final class BackupFetch {
    /** In the data folder, while a restore is under way: what is being fetched. */
    private static final String RESTORING = "restoring";

    private static final int BUFFER = 1 << 20;

    private final Disk disk;
    private final BackupPlace place;
    private final String id;
    private final Path data;
    private final Consumer<String> progress;
    private final TreeSet<Path> changed = new TreeSet<>();

    private BackupFetch(Disk disk, BackupPlace place, String id, Path data, Consumer<String> progress) {
        this.disk = disk;
        this.place = place;
        this.id = id;
        this.data = data;
        this.progress = progress;
    }

    /**
     * Begins to fetch a backup, or goes on.
     *
     * @param backup its id; empty for the newest
     * @throws Problem INVALID_ARGUMENT if there is no such backup; UNUSABLE_FOLDER if the data folder holds something
     *     else; DAMAGED if the backup's list is
     */
    public static BackupFetch begin(
            Disk disk, BackupPlace place, Optional<String> backup, Path data, Consumer<String> progress)
            throws IOException {
        String id = backup.or(() -> {
                    try {
                        return Backup.newest(place);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .orElseThrow(() -> new Problem(
                        Reason.INVALID_ARGUMENT,
                        "Nothing was restored.",
                        "There is no whole backup in " + place + ".",
                        "Name the place that `allod backup` wrote to, or a copy of a data folder."));
        var fetch = new BackupFetch(disk, place, id, data, progress);
        fetch.check();
        fetch.claim();
        return fetch;
    }

    /** Whether the list is whole, before anything is written. */
    private void check() throws IOException {
        try (var lines = lines()) {
            boolean more = true;
            while (more) {
                more = lines.read() != null;
            }
        }
    }

    private BackupManifest.Reader lines() throws IOException {
        if (!BackupManifest.isId(id)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing was restored.",
                    "'" + id + "' is not the name of a backup.",
                    "Names look like 20260131T100000000Z-0123abcd; they are the files in backups/.");
        }
        return Backup.reader(place, id);
    }

    /** Says in the data folder what is being fetched, unless it says so already. */
    private void claim() throws IOException {
        disk.createFolders(data);
        Path mark = data.resolve(RESTORING);
        if (Files.exists(mark)) {
            String other = Files.readString(mark).strip();
            if (!other.equals(id)) {
                throw unusable(
                        "Another backup is being fetched into it: " + other + ".",
                        "Finish that restore" + " with --backup " + other + ", or empty the folder.");
            }
            return;
        }
        try (var names = Files.list(data)) {
            if (names.anyMatch(name -> !String.valueOf(name.getFileName()).equals("lock"))) {
                throw unusable(
                        "It is not empty.",
                        "Move it away first; or leave --from out to restore the copy that is in it.");
            }
        }
        write(mark, id.getBytes(StandardCharsets.US_ASCII));
        disk.forceFolder(data);
    }

    private Problem unusable(String why, String next) {
        return new Problem(Reason.UNUSABLE_FOLDER, "Nothing was restored into " + data + ".", why, next);
    }

    private void write(Path file, byte[] bytes) throws IOException {
        try (Disk.OpenFile out = disk.open(file, Disk.Mode.WRITE)) {
            out.truncate(0);
            out.write(ByteBuffer.wrap(bytes), 0);
            out.force();
        }
    }

    /** Whether all of it is in its place. */
    public boolean isFetched() {
        return Files.isRegularFile(data.resolve("map").resolve("CURRENT"));
    }

    /** Where the map lies until the blobs are there, too. */
    public Path map() {
        return data.resolve("map.restoring");
    }

    /** Fetches the map beside its place, so that it can be looked at before the blobs are fetched. */
    public void fetchMap() throws IOException {
        progress.accept("Fetching the map of backup " + id + ".");
        removeTree(map());
        disk.createFolders(map());
        try (var lines = lines()) {
            for (Line line = lines.read(); line != null; line = lines.read()) {
                if (line instanceof Line.MapFile file) {
                    fetch(BackupManifest.FILES + file.sha256(), file.sha256(), map().resolve(file.name()));
                }
            }
        }
        settle();
    }

    /** Fetches the blobs that are not there yet, and puts the map into its place. */
    public void fetchBlobs() throws IOException {
        progress.accept("Fetching the blobs of backup " + id + ".");
        disk.createFolders(data.resolve(BackupManifest.BLOBS).resolve("incoming"));
        try (var lines = lines()) {
            for (Line line = lines.read(); line != null; line = lines.read()) {
                if (line instanceof Line.Blob blob) {
                    fetchBlob(blob);
                }
            }
        }
        settle();
        Path target = data.resolve("map");
        disk.rename(map(), target);
        disk.forceFolder(data);
    }

    private void fetchBlob(Line.Blob blob) throws IOException {
        String path = BackupManifest.blobPath(blob.name());
        Path target = data.resolve(path);
        if (Files.isRegularFile(target) && Files.size(target) == blob.size()) {
            return;
        }
        Path incoming = data.resolve(BackupManifest.BLOBS).resolve("incoming").resolve(blob.name());
        fetch(path, blob.sha256(), incoming);
        Path folder = data.resolve(BackupManifest.BLOBS).resolve(blob.name().substring(0, 2));
        disk.createFolders(folder);
        disk.rename(incoming, target);
        changed.add(folder);
        changed.add(data.resolve(BackupManifest.BLOBS));
    }

    private void fetch(String name, String hash, Path target) throws IOException {
        disk.delete(target);
        MessageDigest digest = BackupManifest.sha256();
        try (InputStream in = place.open(name);
                Disk.OpenFile out = disk.open(target, Disk.Mode.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            long at = 0;
            for (int count; (count = in.readNBytes(buffer, 0, buffer.length)) > 0; at += count) {
                digest.update(buffer, 0, count);
                out.write(ByteBuffer.wrap(buffer, 0, count), at);
            }
            out.force();
        }
        @Nullable Path folder = target.getParent();
        if (folder != null) {
            changed.add(folder);
        }
        if (!BackupManifest.hex(digest.digest()).equals(hash)) {
            throw new Problem(
                    Reason.DAMAGED,
                    "The restore stops.",
                    "In the backup place " + place + ", " + name + " is not what was written.",
                    "Check that place; use another backup with --backup ID, into an empty folder.");
        }
    }

    private void settle() throws IOException {
        for (Path folder : changed) {
            disk.forceFolder(folder);
        }
        changed.clear();
        disk.forceFolder(data);
    }

    private static void removeTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> files;
        try (var walk = Files.walk(tree)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    /** Leaves the data folder as empty as it was. */
    public void giveUp() throws IOException {
        removeTree(map());
        finish();
    }

    /** The restore is finished: a server may start. */
    public void finish() throws IOException {
        disk.delete(data.resolve(RESTORING));
        disk.forceFolder(data);
    }
}
