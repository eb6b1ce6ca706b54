package allod.store.engine;

import allod.base.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the names of one folder durable for many callers at once: whoever comes while a sync runs shares the next one.
 * After a failed sync nothing is known of the folder's names, so every later call fails too.
 */
final class FolderSync {
    private final Disk disk;
    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    /** Number of the newest sync begun, and of the newest that ended. */
    private long begun;

    private long done;
    private @Nullable IOException fault;

    FolderSync(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** On return, every change to the folder's names that was made before this call is durable. */
    void force() throws IOException {
        lock.lock();
        try {
            // A sync that has begun may have missed the caller's change; the one after it cannot.
            long needed = begun + 1;
            while (done < needed && begun > done) {
                ended.awaitUninterruptibly();
            }
            if (done < needed && fault == null) {
                begun++;
                run();
            }
            if (fault != null) {
                throw new IOException("the names in " + folder + " could not be made durable", fault);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Syncs with the lock given up meanwhile, so that others can queue for the next. */
    private void run() {
        lock.unlock();
        IOException failed = null;
        try {
            disk.forceFolder(folder);
        } catch (IOException e) {
            failed = e;
        } finally {
            lock.lock();
            done = begun;
            if (failed != null) {
                fault = failed;
            }
            ended.signalAll();
        }
    }
}
