package allod.backup;

import allod.backup.BackupManifest.Line;
import allod.base.Problem;
import allod.base.Reason;
import allod.store.MapReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Copies a data folder, of one moment and only what is new. Blobs never change, so one that the place has is not copied
 * again; the map's files lie there under their hash. Of a running server first all blobs are copied, then the map is held
 * still and what came meanwhile follows; so every blob that a row of the copy names is in it. The list of what the backup
 * is made of is put last: without it nothing is taken for a backup, and a copy that was cut short is gone on with.
 *
 * <p>Memory held: the names of one 256th of the blobs.
 */
public final class Backup {
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    /** First bytes of a blob's name. */
    static final int SHARDS = 256;

    /** Most backups that a pruning keeps. */
    public static final int MAX_KEPT = 1000;

    private static final int NAMED_MISSING = 10;

    private final Path data;
    private final Source source;
    private final BackupPlace place;
    private final Path nativeFolder;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final OptionalInt keep;
    private final Consumer<String> progress;
    private long files;
    private long bytes;
    private long newFiles;
    private long newBytes;
    private long blobs;

    /** A data folder as it can be held still. */
    public interface Source {
        /** Whether a server writes it. */
        boolean isRunning();

        /** Holds it still: from now on the map's folder does not change and no blob goes. */
        Still hold() throws IOException;
    }

    /** A data folder that is held still until this is closed. */
    public interface Still extends AutoCloseable {
        Path map();

        /**
         * Makes sure that it was held still all the time.
         *
         * @throws Problem if it was not
         */
        void requireHeld();

        @Override
        void close() throws IOException;
    }

    /**
     * What a backup came to.
     *
     * @param id its name, which begins with the time
     * @param files all of it, in files and bytes
     * @param newFiles what was not in the place before
     * @param removed files of older backups that went
     * @param missing blobs that rows name and the data folder lacks, the first of them by name; empty where all is well
     */
    public record Result(
            String id,
            long files,
            long bytes,
            long newFiles,
            long newBytes,
            long blobs,
            long removed,
            List<String> missing) {}

    private Backup(
            Path data,
            Source source,
            BackupPlace place,
            Path nativeFolder,
            InstantSource clock,
            RandomGenerator random,
            OptionalInt keep,
            Consumer<String> progress) {
        this.data = data;
        this.source = source;
        this.place = place;
        this.nativeFolder = nativeFolder;
        this.clock = clock;
        this.random = random;
        this.keep = keep;
        this.progress = progress;
    }

    /**
     * Makes a backup.
     *
     * @param keep how many backups stay in the place, the newest ones; empty for all
     * @param progress told how far it has come, a sentence at a time
     * @throws Problem if the place holds another installation's backups, or the server refuses
     * @throws IOException if a file could not be read or written; running it again goes on
     */
    public static Result run(
            Path data,
            Source source,
            BackupPlace place,
            Path nativeFolder,
            InstantSource clock,
            RandomGenerator random,
            OptionalInt keep,
            Consumer<String> progress)
            throws IOException {
        return new Backup(data, source, place, nativeFolder, clock, random, keep, progress).run();
    }

    private Result run() throws IOException {
        Optional<String> before = newest(place);
        if (source.isRunning()) {
            progress.accept("Copying blobs while the server writes on.");
            copyBlobs(before, line -> {});
            files = 0;
            bytes = 0;
            blobs = 0;
        }
        Path list = Files.createTempFile("allod-backup", ".list");
        try (Still still = source.hold()) {
            String id = id(clock.instant(), before);
            List<String> missing = write(list, still, before);
            still.requireHeld();
            place.settle();
            place.put(BackupManifest.BACKUPS + id, list);
            place.settle();
            long removed = keep.isPresent() ? BackupPruning.run(place, keep.getAsInt()) : 0;
            return new Result(id, files, bytes, newFiles, newBytes, blobs, removed, missing);
        } finally {
            Files.delete(list);
        }
    }

    /** Ids sort by time, and a new one after all before it, whatever the clock says: a pruning keeps the newest. */
    private String id(Instant now, Optional<String> before) {
        byte[] tail = new byte[4];
        random.nextBytes(tail);
        Instant after = before.map(id -> id.substring(0, id.indexOf('-')))
                .map(time -> ID.parse(time, Instant::from).plusMillis(1))
                .filter(now::isBefore)
                .orElse(now);
        return ID.format(after) + "-" + HexFormat.of().formatHex(tail);
    }

    /**
     * Reads all of a backup back and compares every file with its hash.
     *
     * @return how many files are missing or are not what was written
     */
    public static long verify(BackupPlace place, String id, Consumer<String> progress) throws IOException {
        long damaged = 0;
        try (var lines = reader(place, id)) {
            for (Line line = lines.read(); line != null; line = lines.read()) {
                boolean whole = switch (line) {
                    case Line.Head head -> true;
                    case Line.MapFile file -> isWhole(place, BackupManifest.FILES + file.sha256(), file.sha256());
                    case Line.Blob blob -> isWhole(place, BackupManifest.blobPath(blob.name()), blob.sha256());
                };
                if (!whole) {
                    damaged++;
                    progress.accept("Damaged in the backup: " + line);
                }
            }
        }
        return damaged;
    }

    private static boolean isWhole(BackupPlace place, String name, String sha256) throws IOException {
        try {
            return hash(place.open(name)).equals(sha256);
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    /** The name of the newest backup in a place. */
    static Optional<String> newest(BackupPlace place) throws IOException {
        List<String> ids = ids(place);
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.getLast());
    }

    /** The names of the backups in a place, the oldest first. */
    static List<String> ids(BackupPlace place) throws IOException {
        List<String> ids = new ArrayList<>();
        place.list(BackupManifest.BACKUPS, (name, size) -> ids.add(name.substring(BackupManifest.BACKUPS.length())));
        return ids.stream().filter(BackupManifest::isId).sorted().toList();
    }

    private interface Lines {
        void write(Line line) throws IOException;
    }

    private List<String> write(Path list, Still still, Optional<String> before) throws IOException {
        try (var writer = new BackupManifest.Writer(Files.newOutputStream(list))) {
            List<String> missing;
            try (MapReading map = MapReading.open(still.map(), nativeFolder)) {
                requireSameInstallation(map.installation(), before);
                writer.write(
                        new Line.Head(map.installation(), clock.instant().toString(), map.logOrigin(), map.logSize()));
                missing = missing(map);
            }
            progress.accept("Copying the map.");
            copyMap(still, writer::write);
            progress.accept("Copying what came meanwhile.");
            copyBlobs(before, writer::write);
            writer.end();
            return missing;
        }
    }

    /** Two installations in one place would share blobs' names by chance only, but nobody could tell what is whose. */
    private void requireSameInstallation(String installation, Optional<String> before) throws IOException {
        if (before.isEmpty()) {
            return;
        }
        try (var reader = reader(place, before.get())) {
            if (reader.read() instanceof Line.Head head && !head.installation().equals(installation)) {
                throw new Problem(
                        Reason.INVALID_ARGUMENT,
                        "No backup was made in " + place + ".",
                        "It holds backups of installation " + head.installation() + "; this one is " + installation
                                + ".",
                        "Name another place.");
            }
        }
    }

    static BackupManifest.Reader reader(BackupPlace place, String id) throws IOException {
        return new BackupManifest.Reader(id, place.open(BackupManifest.BACKUPS + id));
    }

    private List<String> missing(MapReading map) {
        List<String> missing = new ArrayList<>();
        map.namedBlobs(name -> {
            if (missing.size() < NAMED_MISSING && !Files.isRegularFile(blob(name.toString()))) {
                missing.add(name.toString());
            }
        });
        return missing;
    }

    private Path blob(String name) {
        return data.resolve(BackupManifest.blobPath(name));
    }

    /** All files of the map but its lock and its messages. */
    private void copyMap(Still still, Lines lines) throws IOException {
        Map<String, Long> known = sizes(BackupManifest.FILES);
        List<Path> sorted;
        try (var names = Files.list(still.map())) {
            sorted = names.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : sorted) {
            String name = String.valueOf(file.getFileName());
            if (!name.equals("LOCK") && !name.startsWith("LOG")) {
                String hash = hash(Files.newInputStream(file));
                long size = Files.size(file);
                put(BackupManifest.FILES + hash, file, size, known);
                lines.write(new Line.MapFile(hash, size, name));
            }
        }
    }

    private Map<String, Long> sizes(String prefix) throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        place.list(prefix, sizes::put);
        return sizes;
    }

    static String hash(InputStream file) throws IOException {
        MessageDigest digest = BackupManifest.sha256();
        try (InputStream in = file) {
            byte[] buffer = new byte[1 << 20];
            for (int count; (count = in.readNBytes(buffer, 0, buffer.length)) > 0; ) {
                digest.update(buffer, 0, count);
            }
        }
        return BackupManifest.hex(digest.digest());
    }

    /** Puts a file unless the place has it whole; counts it either way. */
    private Optional<String> put(String name, Path file, long size, Map<String, Long> known) throws IOException {
        Optional<String> hash = Optional.empty();
        Long there = known.get(name);
        if (there == null || there != size) {
            hash = Optional.of(place.put(name, file));
            newFiles++;
            newBytes += size;
        }
        files++;
        bytes += size;
        return hash;
    }

    private void copyBlobs(Optional<String> before, Lines lines) throws IOException {
        try (var known = new KnownHashes(before)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                copyShard(HexFormat.of().toHexDigits((byte) shard), known, lines);
            }
        }
    }

    private void copyShard(String shard, KnownHashes known, Lines lines) throws IOException {
        Path folder = data.resolve(BackupManifest.BLOBS).resolve(shard);
        if (!Files.isDirectory(folder)) {
            return;
        }
        Map<String, Path> local = new TreeMap<>();
        try (var names = Files.list(folder)) {
            names.filter(path -> String.valueOf(path.getFileName()).matches("[0-9a-f]{32}"))
                    .forEach(path -> local.put(String.valueOf(path.getFileName()), path));
        }
        Map<String, Long> there = local.isEmpty() ? Map.of() : sizes(BackupManifest.BLOBS + shard + "/");
        for (Map.Entry<String, Path> blob : local.entrySet()) {
            try {
                copyBlob(blob.getKey(), blob.getValue(), there, known, lines);
            } catch (NoSuchFileException erased) {
                // Dropped since it was listed, before the map was held: no row of the copy names it.
                progress.accept("Blob " + blob.getKey() + " was dropped meanwhile.");
            }
        }
    }

    private void copyBlob(String name, Path file, Map<String, Long> there, KnownHashes known, Lines lines)
            throws IOException {
        long size = Files.size(file);
        Optional<String> written = put(BackupManifest.blobPath(name), file, size, there);
        blobs++;
        String hash = written.isPresent() ? written.get() : known.of(name).orElse(null);
        lines.write(new Line.Blob(hash == null ? hash(Files.newInputStream(file)) : hash, size, name));
    }

    /** The hashes that the newest backup lists, read along with the names in their order. */
    private final class KnownHashes implements AutoCloseable {
        private final BackupManifest.@Nullable Reader reader;
        private @Nullable Line line;

        KnownHashes(Optional<String> before) throws IOException {
            reader = before.isPresent() ? reader(place, before.get()) : null;
            line = reader == null ? null : reader.read();
        }

        Optional<String> of(String name) throws IOException {
            while (reader != null
                    && line != null
                    && !(line instanceof Line.Blob blob && blob.name().compareTo(name) >= 0)) {
                line = reader.read();
            }
            return line instanceof Line.Blob blob && blob.name().equals(name)
                    ? Optional.of(blob.sha256())
                    : Optional.empty();
        }

        @Override
        public void close() throws IOException {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
