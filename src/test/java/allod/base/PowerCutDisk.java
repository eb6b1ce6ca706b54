package allod.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose power may fail: content reaches the disk below only at {@link Disk.OpenFile#force}, names only at {@link
 * Disk#forceFolder}. Until then both live in this process's memory, so that killing it, or {@link #cut}, loses them.
 *
 * <p>As on a journaling file system a rename is one step: it becomes durable with either of its two folders, and takes
 * along the earlier changes it stands on, such as the creation of the file. A file whose name is durable before its content
 * was forced is empty. New folders are durable at once. One lock guards all but the syncs below.
 */
public final class PowerCutDisk extends WrappedDisk {
    /** What this process sees where it differs from below: a file, or empty for a name that is gone. */
    private final Map<Path, Optional<PowerCutFile>> names = new HashMap<>();
    /** Changes of names that are not durable, oldest first. */
    private final List<Change> changes = new ArrayList<>();

    private boolean cut;

    /** A change of names; the file that lost its name to it, if any, is its victim. */
    private record Change(
            Kind kind,
            Path from,
            Path to,
            PowerCutFile file,
            @Nullable PowerCutFile victim) {
        boolean touches(Path folder) {
            return folder.equals(from.getParent()) || folder.equals(to.getParent());
        }
    }

    private enum Kind {
        CREATE,
        RENAME,
        DELETE
    }

    public PowerCutDisk(Disk below) {
        super(below);
    }

    /** Forgets all that is not durable; every later call on this disk and its files throws. */
    public synchronized void cut() {
        cut = true;
        names.clear();
        changes.clear();
    }

    @Override
    public synchronized OpenFile open(Path given, Mode mode) throws IOException {
        Path path = requirePower(given);
        PowerCutFile file = find(path);
        if (file == null) {
            if (mode == Mode.READ) {
                throw new NoSuchFileException(path.toString());
            }
            file = PowerCutFile.created();
            changes.add(new Change(Kind.CREATE, path, path, file, null));
        } else if (mode == Mode.CREATE_NEW) {
            throw new FileAlreadyExistsException(path.toString());
        }
        names.put(path, Optional.of(file));
        file.hold();
        return new Handle(path, file);
    }

    @Override
    public synchronized boolean exists(Path given) {
        Path path = key(given);
        Optional<PowerCutFile> known = names.get(path);
        return known == null ? below.exists(path) : known.isPresent();
    }

    @Override
    public synchronized void rename(Path givenFrom, Path givenTo) throws IOException {
        Path from = requirePower(givenFrom);
        Path to = requirePower(givenTo);
        PowerCutFile file = find(from);
        if (file == null) {
            throw new NoSuchFileException(from.toString());
        }
        changes.add(new Change(Kind.RENAME, from, to, file, find(to)));
        names.put(from, Optional.empty());
        names.put(to, Optional.of(file));
    }

    @Override
    public synchronized void delete(Path given) throws IOException {
        Path path = requirePower(given);
        PowerCutFile file = find(path);
        if (file == null) {
            return;
        }
        names.put(path, Optional.empty());
        var own = changes.stream().filter(change -> change.file() == file).toList();
        if (own.size() == 1 && own.getFirst().kind() == Kind.CREATE) {
            // Never durable and gone again: as if it had not been.
            changes.remove(own.getFirst());
            if (!below.exists(path)) {
                names.remove(path);
            }
        } else {
            changes.add(new Change(Kind.DELETE, path, path, file, file));
        }
    }

    @Override
    public synchronized List<Path> list(Path folder) throws IOException {
        requirePower(folder);
        var found = new ArrayList<Path>();
        for (Path path : below.list(folder)) {
            if (!names.containsKey(key(path))) {
                found.add(path);
            }
        }
        names.forEach((path, file) -> {
            if (file.isPresent() && key(folder).equals(path.getParent())) {
                found.add(folder.resolve(path.getFileName()));
            }
        });
        return found;
    }

    @Override
    public synchronized Instant lastModified(Path given) throws IOException {
        Path path = requirePower(given);
        Optional<PowerCutFile> known = names.get(path);
        if (known != null && known.isEmpty()) {
            throw new NoSuchFileException(path.toString());
        }
        Instant written = known == null ? null : known.get().modified();
        return written == null ? below.lastModified(path) : written;
    }

    @Override
    public void createFolders(Path path) throws IOException {
        requirePower(path);
        super.createFolders(path);
    }

    @Override
    public void forceFolder(Path given) throws IOException {
        Set<Path> touched = new HashSet<>();
        synchronized (this) {
            Path folder = requirePower(given);
            touched.add(folder);
            for (Change change : standingBelow(folder)) {
                apply(change);
                changes.remove(change);
                touched.add(change.from().getParent());
                touched.add(change.to().getParent());
            }
            forgetSettled();
        }
        for (Path folder : touched) {
            below.forceFolder(folder);
        }
    }

    /** The pending changes of the folder and the earlier ones they stand on, oldest first. */
    private List<Change> standingBelow(Path folder) {
        var needed = new HashSet<Object>();
        var taken = new ArrayList<Change>();
        for (Change change : changes.reversed()) {
            if (change.touches(folder)
                    || needed.contains(change.file())
                    || needed.contains(change.from())
                    || needed.contains(change.to())) {
                taken.add(change);
                needed.add(change.file());
                needed.add(change.from());
                needed.add(change.to());
            }
        }
        return taken.reversed();
    }

    private void apply(Change change) throws IOException {
        PowerCutFile victim = change.victim();
        if (victim != null) {
            victim.loseName(below);
        }
        switch (change.kind()) {
            case CREATE -> change.file().bind(below, change.to());
            case RENAME -> {
                below.rename(change.from(), change.to());
                change.file().moveTo(change.to());
            }
            case DELETE -> below.delete(change.to());
        }
    }

    /** Forgets names that are below just as they are here, so that memory stays small. */
    private void forgetSettled() {
        var pending = new HashSet<Path>();
        for (Change change : changes) {
            pending.add(change.from());
            pending.add(change.to());
        }
        names.entrySet()
                .removeIf(entry -> !pending.contains(entry.getKey())
                        && entry.getValue().map(PowerCutFile::isSettled).orElse(true));
    }

    private @Nullable PowerCutFile find(Path path) {
        Optional<PowerCutFile> known = names.get(path);
        if (known != null) {
            return known.orElse(null);
        }
        if (!below.exists(path)) {
            return null;
        }
        var file = PowerCutFile.standing(path);
        names.put(path, Optional.of(file));
        return file;
    }

    private Path requirePower(Path path) throws IOException {
        if (cut) {
            throw new IOException("the power is cut");
        }
        return key(path);
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private final class Handle implements OpenFile {
        private final Path path;
        private final PowerCutFile file;
        private boolean closed;

        Handle(Path path, PowerCutFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (PowerCutDisk.this) {
                requireOpen();
                return file.read(below, target, position);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (PowerCutDisk.this) {
                requireOpen();
                file.write(below, source, position);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (PowerCutDisk.this) {
                requireOpen();
                return file.size(below);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (PowerCutDisk.this) {
                requireOpen();
                file.truncate(below, size);
            }
        }

        @Override
        public void force() throws IOException {
            OpenFile real;
            synchronized (PowerCutDisk.this) {
                requireOpen();
                real = file.settle(below);
            }
            if (real != null) {
                real.force();
            }
        }

        @Override
        public void close() throws IOException {
            synchronized (PowerCutDisk.this) {
                if (!closed) {
                    closed = true;
                    file.release();
                    if (file.isSettled() && changes.stream().noneMatch(change -> change.file() == file)) {
                        names.remove(path, Optional.of(file));
                    }
                }
            }
        }

        private void requireOpen() throws IOException {
            requirePower(path);
            if (closed) {
                throw new IOException("the file is closed");
            }
        }
    }
}
