package allod.keys;

import allod.base.Disk;
import allod.base.Disk.OpenFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file of the custody journal: a header, then frames, each written by one append and made durable by one sync. A
 * frame holds its length, its sequence number, entries and a SHA-256 over all of these.
 */
final class Segment {
    static final int HEADER_BYTES = 8 + 16 + 16 + 8 + 32;
    static final int FRAME_HEAD_BYTES = 4 + 4 + 8;
    static final int FRAME_EXTRA_BYTES = FRAME_HEAD_BYTES + 32;

    /** Longest frame: a puncture's pages, in bytes. */
    static final int MAX_FRAME_BYTES = 1 << 30;

    private static final byte[] MAGIC = "allodCJ1".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_MAGIC = 0x614C6A46;

    final long number;
    private final Path path;
    private final OpenFile file;
    private long end;

    /** What the journal still needs of this segment, in entries and pages, and their bytes. */
    int liveItems;

    long liveBytes;

    private Segment(long number, Path path, OpenFile file, long end) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.end = end;
    }

    /** A frame that was read, and where its entries begin in the segment. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Frame(long sequence, byte[] entries, long at) {}

    /** A segment that was opened, its frames, less a torn append. */
    record Opened(Segment segment, List<Frame> frames) {}

    static Path path(Path folder, long number) {
        return folder.resolve(String.format("journal-%016x", number));
    }

    /** Makes a new, empty segment; its name is durable when this returns. */
    static Segment create(Disk disk, Path folder, long number, MirrorIdentity identity) throws IOException {
        Path path = path(folder, number);
        OpenFile file = disk.open(path, Disk.Mode.CREATE_NEW);
        file.write(ByteBuffer.wrap(header(number, identity)), 0);
        file.force();
        disk.forceFolder(folder);
        return new Segment(number, path, file, HEADER_BYTES);
    }

    private static byte[] header(long number, MirrorIdentity identity) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).put(identity.installation()).put(identity.mirror()).putLong(number);
        header.put(Sha256.of(Arrays.copyOf(header.array(), header.position())));
        return header.array();
    }

    /**
     * Opens a segment and reads all of it.
     *
     * @param last whether it is the newest, whose last append a crash may have torn; a torn one is cut off
     * @throws DamagedJournal if a frame is bad that is not a torn last append
     */
    static Opened open(Disk disk, Path folder, long number, MirrorIdentity identity, boolean last)
            throws IOException, DamagedJournal {
        Path path = path(folder, number);
        OpenFile file = disk.open(path, Disk.Mode.WRITE);
        boolean opened = false;
        try {
            byte[] bytes = readAll(file);
            boolean wholeHeader = bytes.length >= HEADER_BYTES
                    && Arrays.equals(bytes, 0, HEADER_BYTES, header(number, identity), 0, HEADER_BYTES);
            if (!wholeHeader) {
                throw new DamagedJournal(path.getFileName() + " does not begin with this mirror's header");
            }
            List<Frame> frames = new ArrayList<>();
            int at = HEADER_BYTES;
            for (int length = frameAt(bytes, at); length > 0; length = frameAt(bytes, at)) {
                byte[] entries = Arrays.copyOfRange(bytes, at + FRAME_HEAD_BYTES, at + length - 32);
                frames.add(new Frame(ByteBuffer.wrap(bytes).getLong(at + 8), entries, at + FRAME_HEAD_BYTES));
                at += length;
            }
            requireNothingGoodAfter(bytes, at, last, path);
            if (at < bytes.length) {
                file.truncate(at);
            }
            if (last) {
                // A killed process may have left appends that the system holds but the disk does not have yet.
                file.force();
            }
            opened = true;
            return new Opened(new Segment(number, path, file, at), frames);
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /** Whether a crash left a segment that was just being made: nothing stands in it, not even a whole header. */
    static boolean unfinished(Disk disk, Path folder, long number, MirrorIdentity identity) throws IOException {
        try (OpenFile file = disk.open(path(folder, number), Disk.Mode.READ)) {
            return file.size() <= HEADER_BYTES && !Arrays.equals(readAll(file), header(number, identity));
        }
    }

    /** A torn append is the last thing in the last segment; a bad frame before a good one is damage. */
    private static void requireNothingGoodAfter(byte[] bytes, int bad, boolean last, Path path) throws DamagedJournal {
        if (bad == bytes.length) {
            return;
        }
        if (!last) {
            throw new DamagedJournal(path.getFileName() + " is damaged at byte " + bad);
        }
        for (int at = bad + 1; at <= bytes.length - FRAME_EXTRA_BYTES; at++) {
            if (frameAt(bytes, at) > 0) {
                throw new DamagedJournal(
                        path.getFileName() + " is damaged at byte " + bad + ": a whole append follows at " + at);
            }
        }
    }

    /** The length of the good frame at a place, or 0. */
    private static int frameAt(byte[] bytes, int at) {
        if (at > bytes.length - FRAME_EXTRA_BYTES) {
            return 0;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int length = in.getInt(at + 4);
        boolean plausible = in.getInt(at) == FRAME_MAGIC && length >= FRAME_EXTRA_BYTES && length <= bytes.length - at;
        if (!plausible) {
            return 0;
        }
        MessageDigest sha = Sha256.start();
        sha.update(bytes, at, length - 32);
        return Arrays.equals(sha.digest(), Arrays.copyOfRange(bytes, at + length - 32, at + length)) ? length : 0;
    }

    /** The bytes of one append. */
    static byte[] frame(long sequence, List<byte[]> entries) {
        long length =
                FRAME_EXTRA_BYTES + entries.stream().mapToLong(e -> e.length).sum();
        if (length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("an append of " + length + " bytes, at most " + MAX_FRAME_BYTES);
        }
        ByteBuffer out = ByteBuffer.allocate((int) length);
        out.putInt(FRAME_MAGIC).putInt((int) length).putLong(sequence);
        entries.forEach(out::put);
        MessageDigest sha = Sha256.start();
        sha.update(out.array(), 0, out.position());
        out.put(sha.digest());
        return out.array();
    }

    /** Appends a frame and makes it durable; answers where its entries begin. */
    long append(byte[] frame) throws IOException {
        file.write(ByteBuffer.wrap(frame), end);
        file.force();
        long entriesAt = end + FRAME_HEAD_BYTES;
        end += frame.length;
        return entriesAt;
    }

    byte[] read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (file.read(bytes, at) != length) {
            throw new EOFException(path.getFileName() + " ends before byte " + (at + length));
        }
        return bytes.array();
    }

    private static byte[] readAll(OpenFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
        file.read(bytes, 0);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Bytes up to the end of the last frame. */
    long size() {
        return end;
    }

    void forgetLive() {
        liveItems = 0;
        liveBytes = 0;
    }

    /** Closes the file; what was synced stays synced, whatever closing says. */
    void close() {
        try {
            file.close();
        } catch (IOException ignored) {
            // Nothing is written on closing: each append was made durable before it was told of.
        }
    }

    void delete(Disk disk) throws IOException {
        close();
        disk.delete(path);
    }

    /** The journal's bytes are neither whole nor torn by a crash. */
    static final class DamagedJournal extends Exception {
        private static final long serialVersionUID = 1;

        DamagedJournal(String how) {
            super(how);
        }
    }
}
