package allod.backup;

import allod.backup.BackupManifest.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Removes old backups from a place: first their lists, then every file that no list names any more. What a pruning that
 * was cut short left, the next one removes. While it runs no other backup may be made in the place.
 *
 * <p>Memory held: the names of one 256th of the blobs, and a line of each backup that is kept.
 */
final class BackupPruning {
    private final BackupPlace place;
    private final List<String> kept;
    private long removed;

    private BackupPruning(BackupPlace place, List<String> kept) {
        this.place = place;
        this.kept = kept;
    }

    /**
     * Prunes.
     *
     * @param keep how many backups stay, the newest ones, 1 to {@link Backup#MAX_KEPT}
     * @return how many files went
     */
    static long run(BackupPlace place, int keep) throws IOException {
        List<String> ids = Backup.ids(place);
        int from = Math.max(0, ids.size() - keep);
        var pruning = new BackupPruning(place, ids.subList(from, ids.size()));
        for (String old : ids.subList(0, from)) {
            place.delete(BackupManifest.BACKUPS + old);
        }
        pruning.place.settle();
        pruning.removeFiles();
        pruning.removeBlobs();
        place.settle();
        return pruning.removed;
    }

    private void removeFiles() throws IOException {
        Set<String> named = new HashSet<>();
        for (String id : kept) {
            try (var lines = Backup.reader(place, id)) {
                for (Line line = lines.read(); line != null && !(line instanceof Line.Blob); line = lines.read()) {
                    if (line instanceof Line.MapFile file) {
                        named.add(BackupManifest.FILES + file.sha256());
                    }
                }
            }
        }
        List<String> there = new ArrayList<>();
        place.list(BackupManifest.FILES, (name, size) -> there.add(name));
        for (String name : there) {
            if (!named.contains(name)) {
                remove(name);
            }
        }
    }

    private void remove(String name) throws IOException {
        place.delete(name);
        removed++;
    }

    private void removeBlobs() throws IOException {
        List<Names> lists = new ArrayList<>();
        try {
            for (String id : kept) {
                lists.add(new Names(Backup.reader(place, id)));
            }
            for (int shard = 0; shard < Backup.SHARDS; shard++) {
                String prefix = BackupManifest.BLOBS + HexFormat.of().toHexDigits((byte) shard) + "/";
                Set<String> there = new TreeSet<>();
                place.list(prefix, (name, size) -> there.add(name.substring(prefix.length())));
                for (String name : there) {
                    boolean named = false;
                    for (Names list : lists) {
                        named |= list.has(name);
                    }
                    if (!named) {
                        remove(prefix + name);
                    }
                }
            }
        } finally {
            for (Names list : lists) {
                list.close();
            }
        }
    }

    /** The blobs of one list, asked for in their order. */
    private static final class Names implements AutoCloseable {
        private final BackupManifest.Reader reader;
        private @Nullable Line line;

        Names(BackupManifest.Reader reader) throws IOException {
            this.reader = reader;
            this.line = reader.read();
        }

        boolean has(String name) throws IOException {
            while (line != null
                    && !(line instanceof Line.Blob blob && blob.name().compareTo(name) >= 0)) {
                line = reader.read();
            }
            return line instanceof Line.Blob blob && blob.name().equals(name);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
