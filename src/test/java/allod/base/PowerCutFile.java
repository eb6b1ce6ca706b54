package allod.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file as {@link PowerCutDisk} sees it, whatever its name: written pages in memory over the forced content, which lies in
 * the file below, or in memory too while no name of the file is durable. Guarded by the disk's lock.
 */
final class PowerCutFile {
    private static final int PAGE = 16 << 10;

    /** Pages written since the last force. */
    private final TreeMap<Long, byte[]> written = new TreeMap<>();
    /** Forced pages of a file that stands nowhere below. */
    private final TreeMap<Long, byte[]> forced = new TreeMap<>();

    private @Nullable Path standsAt;
    private @Nullable Instant modified;
    private Disk.@Nullable OpenFile real;
    private boolean linked;
    private int handles;
    /** The size as the process sees it, or -1 while it is the one below. */
    private long size;
    /** The size of the forced content. */
    private long forcedSize;
    /** Forced content counts up to here only: the least size since the last force. */
    private long forcedLimit;

    private PowerCutFile(@Nullable Path standsAt, long size) {
        this.standsAt = standsAt;
        this.linked = standsAt != null;
        this.size = size;
    }

    static PowerCutFile created() {
        var file = new PowerCutFile(null, 0);
        file.modified = Instant.now();
        return file;
    }

    static PowerCutFile standing(Path path) {
        return new PowerCutFile(path, -1);
    }

    void hold() {
        handles++;
    }

    void release() throws IOException {
        handles--;
        if (handles == 0 && real != null) {
            real.close();
            real = null;
        }
    }

    @Nullable
    Instant modified() {
        return modified;
    }

    /** Whether nothing is known here that is not below too. */
    boolean isSettled() {
        return handles == 0 && linked && written.isEmpty() && (size < 0 || (size == forcedSize && forcedLimit >= size));
    }

    int read(Disk below, ByteBuffer target, long position) throws IOException {
        long end = Math.min(size(below), position + target.remaining());
        int start = target.position();
        for (long at = position; at < end; ) {
            int offset = (int) (at % PAGE);
            int count = (int) Math.min(PAGE - offset, end - at);
            target.put(page(below, at / PAGE), offset, count);
            at += count;
        }
        return target.position() - start;
    }

    void write(Disk below, ByteBuffer source, long position) throws IOException {
        long before = size(below);
        for (long at = position; source.hasRemaining(); ) {
            int offset = (int) (at % PAGE);
            int count = Math.min(PAGE - offset, source.remaining());
            byte[] page = written.get(at / PAGE);
            if (page == null) {
                page = page(below, at / PAGE).clone();
                written.put(at / PAGE, page);
            }
            source.get(page, offset, count);
            at += count;
            size = Math.max(size, at);
        }
        size = Math.max(size, before);
        modified = Instant.now();
    }

    long size(Disk below) throws IOException {
        if (size < 0) {
            forcedSize = open(below).size();
            forcedLimit = forcedSize;
            size = forcedSize;
        }
        return size;
    }

    void truncate(Disk below, long to) throws IOException {
        if (to >= size(below)) {
            return;
        }
        size = to;
        forcedLimit = Math.min(forcedLimit, to);
        clip(written, to);
        modified = Instant.now();
    }

    /** Makes the content seen now the forced one; answers the file below that must be forced too, if there is one. */
    Disk.@Nullable OpenFile settle(Disk below) throws IOException {
        long now = size(below);
        Disk.OpenFile target = standsAt == null && real == null ? null : open(below);
        if (target == null) {
            clip(forced, forcedLimit);
            forced.putAll(written);
        } else {
            if (forcedLimit < forcedSize) {
                target.truncate(forcedLimit);
            }
            store(written, now, target);
        }
        written.clear();
        forcedSize = now;
        forcedLimit = now;
        return target;
    }

    /** The first durable name: the forced content goes below, and only that. */
    void bind(Disk below, Path path) throws IOException {
        standsAt = path;
        linked = true;
        try (var target = below.open(path, Disk.Mode.WRITE)) {
            target.truncate(0);
            store(forced, forcedSize, target);
            target.force();
        }
        forced.clear();
    }

    void moveTo(Path path) {
        standsAt = path;
    }

    /** The file below is about to lose its last name; who has it open keeps it. */
    void loseName(Disk below) throws IOException {
        if (handles > 0 && standsAt != null) {
            size(below);
            open(below);
        }
        standsAt = null;
        linked = true;
    }

    private static void store(SortedMap<Long, byte[]> pages, long size, Disk.OpenFile target) throws IOException {
        for (var page : pages.entrySet()) {
            long at = page.getKey() * PAGE;
            int count = (int) Math.min(PAGE, size - at);
            if (count > 0) {
                target.write(ByteBuffer.wrap(page.getValue(), 0, count), at);
            }
        }
        if (target.size() < size) {
            // The file ends in a hole: what was written at its end has been cut off again.
            target.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    /** Drops what lies at the size and beyond. */
    private static void clip(SortedMap<Long, byte[]> pages, long size) {
        pages.tailMap((size + PAGE - 1) / PAGE).clear();
        byte[] last = pages.get(size / PAGE);
        if (last != null) {
            Arrays.fill(last, (int) (size % PAGE), PAGE, (byte) 0);
        }
    }

    private byte[] page(Disk below, long number) throws IOException {
        byte[] page = written.get(number);
        if (page != null) {
            return page;
        }
        byte[] content = new byte[PAGE];
        long usable = Math.min(PAGE, forcedLimit - number * PAGE);
        if (usable <= 0) {
            return content;
        }
        if (standsAt != null || real != null) {
            open(below).read(ByteBuffer.wrap(content, 0, (int) usable), number * PAGE);
            return content;
        }
        byte[] kept = forced.get(number);
        if (kept != null) {
            System.arraycopy(kept, 0, content, 0, (int) usable);
        }
        return content;
    }

    private Disk.OpenFile open(Disk below) throws IOException {
        if (real == null) {
            if (standsAt == null) {
                throw new IOException("the file has no name below");
            }
            real = below.open(standsAt, Disk.Mode.WRITE);
        }
        return real;
    }
}
