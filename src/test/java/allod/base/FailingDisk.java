package allod.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Predicate;

/** A disk of which one kind of operation breaks when a test says so. */
public final class FailingDisk extends WrappedDisk {
    /** The kinds of operation that can break. */
    public enum Operation {
        OPEN,
        WRITE,
        FORCE,
        RENAME,
        DELETE,
        FORCE_FOLDER
    }

    private record Rule(Operation operation, Predicate<Path> paths) {}

    private static final Rule NONE = new Rule(Operation.OPEN, path -> false);

    private Rule rule = NONE;
    private int passes;

    public FailingDisk(Disk below) {
        super(below);
    }

    /** From now on the operation fails on all paths, until {@link #heal}. */
    public void fail(Operation operation) {
        failAfter(operation, 0, path -> true);
    }

    /** The operation works so many more times on matching paths, then fails on them until {@link #heal}. */
    public synchronized void failAfter(Operation operation, int passes, Predicate<Path> paths) {
        this.rule = new Rule(operation, paths);
        this.passes = passes;
    }

    /** Everything works again. */
    public synchronized void heal() {
        rule = NONE;
    }

    private synchronized void attempt(Operation operation, Path path) throws IOException {
        if (operation == rule.operation() && rule.paths().test(path) && passes-- <= 0) {
            passes = 0;
            throw new IOException("Input/output error: " + operation + " " + path);
        }
    }

    @Override
    public OpenFile open(Path path, Mode mode) throws IOException {
        attempt(Operation.OPEN, path);
        return new FailingFile(super.open(path, mode), path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        attempt(Operation.RENAME, from);
        super.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        attempt(Operation.DELETE, path);
        super.delete(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        attempt(Operation.FORCE_FOLDER, folder);
        super.forceFolder(folder);
    }

    private final class FailingFile extends WrappedFile {
        private final Path path;

        FailingFile(OpenFile file, Path path) {
            super(file);
            this.path = path;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            attempt(Operation.WRITE, path);
            super.write(source, position);
        }

        @Override
        public void force() throws IOException {
            attempt(Operation.FORCE, path);
            super.force();
        }
    }
}
