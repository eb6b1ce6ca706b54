package allod.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Copies of the folders of a running server. A copy is whole when no file was made, removed or changed meanwhile but by
 * appending: the map's log may then end in the middle of a record, as it does after a power cut, and the map opens from it.
 */
final class FolderCopy {
    private static final int TRIES = 10;

    private FolderCopy() {}

    /** @throws IOException if the folder did not stand still long enough in ten tries */
    static Path take(Path folder, Path target) throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Map<Path, Long> before = sizes(folder);
            boolean whole = true;
            for (Path file : before.keySet()) {
                try {
                    copy(file, target.resolve(folder.relativize(file).toString()));
                } catch (NoSuchFileException removedMeanwhile) {
                    whole = false;
                }
            }
            if (whole && onlyAppended(before, sizes(folder))) {
                return target;
            }
            delete(target);
        }
        throw new IOException(folder + " did not stand still long enough to be copied");
    }

    private static void copy(Path file, Path target) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.copy(file, target);
    }

    /** The map writes its list of files, MANIFEST, and its sorted tables once; only logs and journals may have grown. */
    private static boolean onlyAppended(Map<Path, Long> before, Map<Path, Long> after) {
        return before.keySet().equals(after.keySet())
                && before.entrySet().stream()
                        .allMatch(file -> file.getValue().equals(after.get(file.getKey()))
                                || mayGrow(file.getKey().getFileName().toString()));
    }

    private static boolean mayGrow(String name) {
        return name.endsWith(".log") || name.startsWith("journal-") || name.equals("LOG");
    }

    private static Map<Path, Long> sizes(Path folder) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                // Locks hold nothing; sockets cannot be copied.
                if (Files.isRegularFile(file) && !file.getFileName().toString().equalsIgnoreCase("lock")) {
                    sizes.put(file, Files.size(file));
                }
            }
        }
        return sizes;
    }

    /** Deletes a folder and what is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
