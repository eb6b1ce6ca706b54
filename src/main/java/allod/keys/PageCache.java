package allod.keys;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decrypted pages of one domain by their id, the least recently used leaving first. Only pages stand here, never a seed
 * derived below one: such a seed would bring an erased slot back. Safe for use by many threads.
 */
final class PageCache {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<ByteBuffer, OpenPage> pages = new LinkedHashMap<>(64, 0.75f, true);
    private long oldestGeneration;
    private boolean closed;

    /** @param capacity most pages held; a page takes up to 6 KiB */
    PageCache(int capacity) {
        this.capacity = capacity;
    }

    Optional<OpenPage> get(byte[] id) {
        lock.lock();
        try {
            return Optional.ofNullable(pages.get(ByteBuffer.wrap(id)));
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a page for the readers of this generation; a reader of a generation that was left behind adds nothing. */
    void put(byte[] id, OpenPage page, long generation) {
        lock.lock();
        try {
            if (generation >= oldestGeneration && !closed) {
                pages.put(ByteBuffer.wrap(id), page);
                if (pages.size() > capacity) {
                    Map.Entry<ByteBuffer, OpenPage> eldest = pages.firstEntry();
                    pages.remove(eldest.getKey());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops the pages that a generation replaced; they do not come back, also not by a reader still under way. */
    void drop(List<byte[]> replacedIds, long newGeneration) {
        lock.lock();
        try {
            oldestGeneration = newGeneration;
            replacedIds.forEach(id -> pages.remove(ByteBuffer.wrap(id)));
        } finally {
            lock.unlock();
        }
    }

    /** Gives up all pages, for good. */
    void close() {
        lock.lock();
        try {
            closed = true;
            pages.clear();
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return pages.size();
        } finally {
            lock.unlock();
        }
    }
}
