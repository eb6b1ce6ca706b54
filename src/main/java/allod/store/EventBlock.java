package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The events of one commit that share a domain, class and day, deflated together against a preset dictionary: alike as
 * they are, each takes some sixty bytes. What this gives is then sealed under the period's key.
 */
final class EventBlock implements AutoCloseable {
    /** Stands before each block; another dictionary gets another number. */
    static final int DICTIONARY = 1;

    private static final int MAX_PLAIN = 64 << 20;
    /** What deflate makes smaller at the very most. */
    private static final int MAX_RATIO = 1032;

    private static final byte[] TYPICAL =
            ("{\"type\":\"bucket.create\",\"type\":\"upload.part\",\"type\":\"object.copy\","
                            + "\"type\":\"erase.done\",\"type\":\"erase.begin\",\"type\":\"object.list\",\"type\":\"object.head\","
                            + "\"type\":\"object.put\",\"actor\":\"root\",\"access_key\":\"AK\",\"purpose\":\"owner\",\"source\":"
                            + "\"127.0.0.1\",\"request\":\"\",\"bucket\":\"\",\"key\":\"\",\"outcome\":\"not found\",\"outcome\":"
                            + "\"not modified\",\"outcome\":\"erased\",\"version\":\"7\",\"size\":4096,\"outcome\":\"ok\"}"
                            + "{\"type\":\"object.get\",\"actor\":\"root\",\"access_key\":\"")
                    .getBytes(StandardCharsets.US_ASCII);

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);

    /** The preset dictionary, as docs/formats/map.md gives it. */
    static String dictionary() {
        return new String(TYPICAL, StandardCharsets.US_ASCII);
    }

    /** {@code u32 plain length || deflated}; used by one thread at a time. */
    byte[] encode(List<PlacedEvent> events) {
        var plain = new RowWriter(events.size() * 320);
        plain.varint(events.size());
        long index = 0;
        long time = 0;
        for (PlacedEvent event : events) {
            plain.varint(event.index() - index)
                    .varint(event.tenant().value())
                    .varint(event.seq())
                    .varint(event.time() - time)
                    .varint(event.body().length)
                    .raw(event.body());
            index = event.index();
            time = event.time();
        }
        byte[] bytes = plain.toBytes();
        deflater.reset();
        deflater.setDictionary(TYPICAL);
        deflater.setInput(bytes);
        deflater.finish();
        var out = new RowWriter(bytes.length / 3 + 64).u32(bytes.length);
        byte[] chunk = new byte[4096];
        while (!deflater.finished()) {
            int count = deflater.deflate(chunk);
            out.raw(count == chunk.length ? chunk : java.util.Arrays.copyOf(chunk, count));
        }
        return out.toBytes();
    }

    /** @throws Problem DAMAGED if the bytes are not a block */
    static List<PlacedEvent> decode(int dictionary, byte[] block) {
        if (dictionary != DICTIONARY) {
            throw damaged("its dictionary " + dictionary + " is unknown");
        }
        var head = new RowReader("e", block);
        int length = head.u32();
        if (length < 0 || length > MAX_PLAIN || length > (long) MAX_RATIO * block.length) {
            throw damaged("its length is " + length);
        }
        byte[] plain = inflate(head.raw(block.length - 4), length);
        var row = new RowReader("e", plain);
        long count = row.varint();
        var events = new ArrayList<PlacedEvent>();
        long index = 0;
        long time = 0;
        for (long i = 0; i < count; i++) {
            index += row.varint();
            var tenant = row.varintTenant();
            long seq = row.varint();
            time += row.varint();
            events.add(new PlacedEvent(index, tenant, seq, time, row.raw(row.varintLength())));
        }
        row.end();
        return events;
    }

    private static byte[] inflate(byte[] deflated, int length) {
        var inflater = new Inflater(true);
        try {
            inflater.setDictionary(TYPICAL);
            inflater.setInput(deflated);
            byte[] plain = new byte[length];
            int at = 0;
            while (at < length) {
                int count = inflater.inflate(plain, at, length - at);
                if (count == 0) {
                    throw damaged("it ends too early");
                }
                at += count;
            }
            if (inflater.inflate(new byte[1]) != 0 || !inflater.finished() || inflater.getRemaining() != 0) {
                throw damaged("more follows its end");
            }
            return plain;
        } catch (DataFormatException e) {
            throw damaged("it does not inflate");
        } finally {
            inflater.end();
        }
    }

    private static Problem damaged(String how) {
        return new Problem(
                Reason.DAMAGED,
                "A block of events cannot be read.",
                "Its bytes are not what was written: " + how + ".",
                "Restore the data folder from a backup.");
    }

    @Override
    public void close() {
        deflater.end();
    }
}
