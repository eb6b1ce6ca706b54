package allod.keys;

import allod.base.Disk;
import allod.base.Disk.OpenFile;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one remote custodian was last seen at, for each domain, so that a custodian that was put back from an older copy
 * is found out even after a restart. It lies beside the keys in every custody mirror, as the file {@code seen-ID}; the
 * bytes are in docs/formats/custody.md. It holds no secret. Losing it loses only the proof: a custodian that went back is
 * then not noticed. Safe for use by many threads.
 */
public final class CustodianMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CustodianMemory.class);
    private static final byte[] MAGIC = "allodCS1".getBytes(StandardCharsets.US_ASCII);
    private static final int SLOT_BYTES = 64;
    private static final int HASHED_BYTES = SLOT_BYTES - 16;
    private static final int CHUNK_SLOTS = 1024;
    private static final int WENT_BACK = 1;

    private final List<Path> folders;
    private final String custodian;
    private final Disk disk;
    private final Map<Integer, Seen> seen = new HashMap<>();
    private @Nullable List<OpenFile> files;

    /**
     * Opens nothing yet: the custody folder is made and locked by the store, before any custodian is asked.
     *
     * @param folders the custody mirrors
     * @param custodian the custodian's id, which becomes part of the file's name: small letters, digits and {@code -}
     */
    public CustodianMemory(List<Path> folders, String custodian, Disk disk) {
        if (!custodian.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("a custodian cannot be called " + custodian);
        }
        this.folders = List.copyOf(folders);
        this.custodian = custodian;
        this.disk = disk;
    }

    /**
     * A domain's key at the custodian, by counters that never go back.
     *
     * @param domain whose key it is
     * @param prepared the highest version that this installation was given to wrap with; 0 for none
     * @param latest the highest version the custodian ever showed
     * @param available the highest minimum below which the custodian showed that every version is destroyed
     * @param wentBack whether the custodian ever showed less than it had shown before
     */
    public record Seen(Domain domain, long prepared, long latest, long available, boolean wentBack) {
        /** Nothing was ever seen of this domain. */
        public static Seen nothing(Domain domain) {
            return new Seen(domain, 0, 0, 0, false);
        }

        private Seen and(Seen other) {
            return new Seen(
                    domain,
                    Math.max(prepared, other.prepared),
                    Math.max(latest, other.latest),
                    Math.max(available, other.available),
                    wentBack || other.wentBack);
        }
    }

    /** What was last noted of a domain. */
    public synchronized Seen of(Domain domain) {
        open();
        Seen found = seen.get(domain.number());
        return found != null && found.domain().equals(domain) ? found : Seen.nothing(domain);
    }

    /** All that was noted, in no order. */
    public synchronized Collection<Seen> all() {
        open();
        return List.copyOf(seen.values());
    }

    /**
     * Notes what was seen, durably when this returns; one sync for all.
     *
     * @throws Problem CUSTODIAN_AWAY if no mirror took it
     */
    public synchronized void note(Collection<Seen> news) {
        List<Seen> changed = news.stream()
                .filter(one -> !one.equals(seen.get(one.domain().number())))
                .toList();
        if (!changed.isEmpty()) {
            write(changed);
            changed.forEach(one -> seen.put(one.domain().number(), one));
        }
    }

    private void write(List<Seen> news) {
        List<OpenFile> open = open();
        for (OpenFile file : List.copyOf(open)) {
            try {
                for (Seen one : news) {
                    file.write(ByteBuffer.wrap(encode(one)), offset(one.domain().number()));
                }
                file.force();
            } catch (IOException e) {
                // After a failed sync nothing is known of this file; another mirror's is as good.
                LOG.warn("what was seen of custodian {} could not be noted in one mirror: {}", custodian, e.toString());
                open.remove(file);
                close(file);
            }
        }
        if (open.isEmpty()) {
            throw unusable("none of " + folders + " takes the file seen-" + custodian);
        }
    }

    private List<OpenFile> open() {
        if (files != null) {
            return files;
        }
        List<OpenFile> opened = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (Path folder : folders) {
            try {
                opened.add(open(folder));
            } catch (IOException e) {
                LOG.warn("seen-{} in {} could not be opened: {}", custodian, folder, e.toString());
                failed.add(folder + " (" + e + ")");
            }
        }
        if (opened.isEmpty()) {
            throw unusable("the file seen-" + custodian + " could not be opened: " + failed);
        }
        files = opened;
        return opened;
    }

    private OpenFile open(Path folder) throws IOException {
        Path path = folder.resolve("seen-" + custodian);
        boolean isNew = !disk.exists(path);
        OpenFile file = disk.open(path, Disk.Mode.WRITE);
        boolean done = false;
        try {
            if (isNew || file.size() < SLOT_BYTES) {
                file.write(ByteBuffer.wrap(Arrays.copyOf(MAGIC, SLOT_BYTES)), 0);
                file.force();
                disk.forceFolder(folder);
            }
            load(file);
            done = true;
            return file;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /** A torn slot reads as nothing seen, which forgets no more than the one note that a crash interrupted. */
    private void load(OpenFile file) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_SLOTS * SLOT_BYTES);
        file.read(chunk.limit(SLOT_BYTES), 0);
        if (!Arrays.equals(Arrays.copyOf(chunk.array(), MAGIC.length), MAGIC)) {
            throw new IOException("it does not begin with allodCS1");
        }
        long slots = file.size() / SLOT_BYTES - 1;
        for (long first = 0; first < slots; first += CHUNK_SLOTS) {
            int count = file.read(chunk.clear(), (first + 1) * SLOT_BYTES) / SLOT_BYTES;
            for (int i = 0; i < count; i++) {
                byte[] slot = Arrays.copyOfRange(chunk.array(), i * SLOT_BYTES, (i + 1) * SLOT_BYTES);
                int number = (int) (first + i);
                if (isWhole(slot)) {
                    seen.merge(
                            number, decode(number, slot), (a, b) -> a.domain().equals(b.domain()) ? a.and(b) : b);
                }
            }
        }
    }

    private static long offset(int domain) {
        return (domain + 1L) * SLOT_BYTES;
    }

    static byte[] encode(Seen seen) {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
        slot.put(seen.domain().id()).putLong(seen.prepared()).putLong(seen.latest());
        slot.putLong(seen.available()).putLong(seen.wentBack() ? WENT_BACK : 0);
        return slot.put(Sha256.of(Arrays.copyOf(slot.array(), HASHED_BYTES)), 0, SLOT_BYTES - HASHED_BYTES)
                .array();
    }

    private static boolean isWhole(byte[] slot) {
        byte[] hash = Sha256.of(Arrays.copyOf(slot, HASHED_BYTES));
        return Arrays.equals(slot, HASHED_BYTES, SLOT_BYTES, hash, 0, SLOT_BYTES - HASHED_BYTES);
    }

    private static Seen decode(int number, byte[] slot) {
        ByteBuffer in = ByteBuffer.wrap(slot);
        byte[] id = new byte[PageHeader.DOMAIN_BYTES];
        in.get(id);
        return new Seen(new Domain(number, id), in.getLong(), in.getLong(), in.getLong(), in.getLong() == WENT_BACK);
    }

    private Problem unusable(String why) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "A custodian was not asked.",
                "What was seen of custodian " + custodian + " could not be noted: " + why + ".",
                "Check the custody folder's disk and rights, then restart.");
    }

    private static void close(OpenFile file) {
        try {
            file.close();
        } catch (IOException ignored) {
            // Every note was made durable before it was told of.
        }
    }

    @Override
    public synchronized void close() {
        if (files != null) {
            files.forEach(CustodianMemory::close);
            files = null;
            seen.clear();
        }
    }
}
