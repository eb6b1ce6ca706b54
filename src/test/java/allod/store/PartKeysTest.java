package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Reason;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.keys.UploadKey;
import allod.store.engine.BlobName;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The keys of an upload's parts go with the ticket of the upload. */
class PartKeysTest {
    private static final byte[] SECRET = new byte[32];
    private static final EnvelopeBinding BINDING = new EnvelopeBinding(new byte[16], 7, new byte[16]);

    private final SecureRandom random = new SecureRandom();
    private final ReadTickets tickets = new ReadTickets();

    private StoredPart part(UploadKey upload, int number, byte fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, fill);
        BlobName blob = BlobName.random(random);
        byte[] record = new PartRecord(key, new byte[16], Optional.empty()).encode();
        byte[] sealed = upload.sealPart(number, blob.bytes(), record, random);
        var row = new PartRow(blob, 5, new byte[32], 1, sealed);
        return new StoredPart(number, row.encode(), row, new byte[16], Optional.empty());
    }

    private UploadKey upload() {
        var envelope = Envelope.seal(SECRET, Envelope.NO_ACCESS_SECRET, BINDING, random)
                .envelope();
        return UploadKey.of(envelope, SECRET, Envelope.NO_ACCESS_SECRET, BINDING);
    }

    @Test
    void an_erasure_wipes_the_keys_that_were_opened_and_lets_no_more_be() throws IOException {
        ReadTickets.Ticket ticket = tickets.take(1, 2);
        UploadKey upload = ticket.keep(upload());
        StoredPart first = part(upload, 1, (byte) 1);
        StoredPart second = part(upload, 2, (byte) 2);
        var keys = new PartKeys(ticket, upload);
        byte[] opened = keys.of(first);
        assertThat(opened).containsOnly(1);
        keys.requireHeld();
        tickets.cut(1, List.of(2L));
        assertThat(opened).containsOnly(0);
        assertRefused(Reason.NO_SUCH_UPLOAD, () -> keys.of(second));
        assertRefused(Reason.NO_SUCH_UPLOAD, keys::requireHeld);
        assertRefused(Reason.NO_SUCH_UPLOAD, () -> new PartKeys(ticket, upload));
    }

    @Test
    void the_keys_are_wiped_when_they_were_used_and_when_the_ticket_ends() throws IOException {
        ReadTickets.Ticket ticket = tickets.take(1, 2);
        UploadKey upload = ticket.keep(upload());
        var used = new PartKeys(ticket, upload);
        byte[] opened = used.of(part(upload, 1, (byte) 1));
        used.done();
        assertThat(opened).containsOnly(0);
        byte[] other = new PartKeys(ticket, upload).of(part(upload, 2, (byte) 2));
        assertThat(other).containsOnly(2);
        ticket.close();
        assertThat(other).containsOnly(0);
    }
}
