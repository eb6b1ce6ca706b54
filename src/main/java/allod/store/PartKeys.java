package allod.store;

import allod.keys.UploadKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of an upload's parts while its manifest is made. They stand under the upload's ticket: an erasure of the upload
 * wipes those that were opened and lets no further one be, and waits for one of them at most. Of one thread, but for the
 * erasure.
 */
final class PartKeys implements AutoCloseable {
    private final ReadTickets.Ticket ticket;
    private final UploadKey upload;
    private final List<byte[]> opened = new ArrayList<>();

    /** @throws allod.base.Problem NO_SUCH_UPLOAD if it was erased */
    PartKeys(ReadTickets.Ticket ticket, UploadKey upload) {
        this.ticket = ticket;
        this.upload = upload;
        try {
            ticket.keep(this);
        } catch (ReadTickets.ErasedException ended) {
            throw Refusals.noSuchUpload();
        }
    }

    /**
     * The key of a part, in bytes that turn to zeros when the ticket ends.
     *
     * @throws allod.base.Problem NO_SUCH_UPLOAD if the upload was erased meanwhile
     */
    byte[] of(StoredPart part) throws IOException {
        return Uploads.held(ticket, () -> {
            byte[] key = Uploads.open(upload, part.number(), part.row()).key();
            opened.add(key);
            return key;
        });
    }

    /** @throws allod.base.Problem NO_SUCH_UPLOAD if the keys given out were wiped meanwhile, and what they made is worthless */
    void requireHeld() throws IOException {
        Uploads.held(ticket, () -> true);
    }

    /** Wipes the keys that were given out: what is made of them is made. */
    void done() {
        ticket.release(this);
    }

    /** By the ticket, and under its lock. */
    @Override
    public void close() {
        opened.forEach(key -> Arrays.fill(key, (byte) 0));
        opened.clear();
    }

    @Override
    public String toString() {
        return "PartKeys[]";
    }
}
