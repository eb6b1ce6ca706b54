package allod.demo.attack;

import allod.demo.attack.MapCopy.PartRow;
import allod.demo.attack.MapCopy.Row;
import allod.demo.attack.MapCopy.SlotRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads what it can from copies of an installation's folders, of whatever age and in any number. It believes no row's
 * state: it gathers every custody key, root record, key page, envelope and stream that lies anywhere in the files, tries
 * all of them on each other, and gives every plaintext that comes out. With a copy of the custody folder from before an
 * erasure it reads what was erased since; without one it must not.
 *
 * <p>Reads all files into memory and tries all pairs: made for folders of a demonstration's size.
 */
public final class OldCopyAttack {
    /** The largest file looked at, bytes. */
    private static final long MAX_FILE = 256L << 20;

    private static final int WAL_BLOCK = 32 * 1024;
    private static final int SHOWN_BYTES = 16;

    /**
     * Content that was read.
     *
     * @param object the key it stood under
     * @param keys the slot secret, content key and part key on the way to it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Plaintext(String object, byte[] content, List<byte[]> keys) {
        /** SHA-256 of the content, in hexadecimal digits. */
        public String sha256() {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        /** The first bytes, in hexadecimal digits. */
        public String beginning() {
            return HexFormat.of().formatHex(content, 0, Math.min(SHOWN_BYTES, content.length));
        }

        @Override
        public String toString() {
            return object + ", " + content.length + " bytes, SHA-256 " + sha256();
        }
    }

    /**
     * What an attack found and did.
     *
     * @param opening the custody keys that opened a root
     */
    public record Haul(
            int custodyKeys,
            int roots,
            int openedRoots,
            int pages,
            int openedPages,
            int slots,
            int secrets,
            int envelopes,
            int openedEnvelopes,
            int streams,
            List<Plaintext> plaintexts,
            List<byte[]> opening) {
        /** The text that is this content, if it was read. */
        public Optional<Plaintext> reading(byte[] content) {
            return plaintexts.stream()
                    .filter(text -> Arrays.equals(text.content, content))
                    .findFirst();
        }

        /** The account in one sentence. */
        public String account() {
            return custodyKeys + " custody keys opened " + openedRoots + " of " + roots
                    + " root records; their keys opened "
                    + openedPages + " of " + pages + " key pages; these gave " + secrets + " secrets for " + slots
                    + " slots, which opened " + openedEnvelopes + " of " + envelopes + " envelopes; with them "
                    + plaintexts.size() + " texts came out of " + streams + " streams.";
        }

        @Override
        public String toString() {
            return account();
        }
    }

    private final KeyMaterial material = new KeyMaterial();
    private final List<Row> rows = new ArrayList<>();
    private final Map<ByteBuffer, byte[]> blobs = new HashMap<>();

    private OldCopyAttack() {}

    /**
     * Attacks with all these folders at once.
     *
     * @param data copies of data folders
     * @param custody copies of custody folders
     * @throws IOException if a copy cannot be read
     */
    public static Haul attack(List<Path> data, List<Path> custody) throws IOException {
        var attack = new OldCopyAttack();
        for (Path folder : data) {
            attack.takeData(folder);
        }
        for (Path folder : custody) {
            attack.takeCustody(folder);
        }
        try {
            return attack.haul();
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK lacks a cipher: " + e.getMessage(), e);
        }
    }

    private void takeData(Path folder) throws IOException {
        for (Path file : files(folder.resolve("map"))) {
            byte[] bytes = Files.readAllBytes(file);
            material.search(bytes);
            if (file.toString().endsWith(".log")) {
                material.search(logPayload(bytes));
            }
        }
        rows.addAll(MapCopy.rows(folder.resolve("map")));
        for (Path file : files(folder.resolve("blobs"))) {
            String name = file.getFileName().toString();
            if (name.matches("[0-9a-f]{32}")) {
                blobs.put(ByteBuffer.wrap(HexFormat.of().parseHex(name)), Files.readAllBytes(file));
            }
        }
    }

    private void takeCustody(Path folder) throws IOException {
        for (Path file : files(folder)) {
            byte[] bytes = Files.readAllBytes(file);
            material.search(bytes);
            if (file.getFileName().toString().equals("keys")) {
                material.searchSectors(bytes);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (!Files.exists(folder)) {
            return files;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.toList()) {
                if (Files.isRegularFile(file) && Files.size(file) <= MAX_FILE) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    /**
     * The records of a write-ahead log put together again, for RocksDB cuts them at blocks of 32 KiB: in front of each
     * piece stand its CRC 4, length 2 (little-endian) and type 1, and for types above 4 the log's number 4.
     */
    private static byte[] logPayload(byte[] log) {
        var payload = new ByteArrayOutputStream(log.length);
        for (int block = 0; block < log.length; block += WAL_BLOCK) {
            int end = Math.min(block + WAL_BLOCK, log.length);
            int at = block;
            while (at + 7 <= end) {
                int length = (log[at + 4] & 0xff) | (log[at + 5] & 0xff) << 8;
                int type = log[at + 6];
                int head = type > 4 && type < 9 ? 11 : 7;
                if (type == 0 || at + head + length > end) {
                    break;
                }
                payload.write(log, at + head, length);
                at += head + length;
            }
        }
        return payload.toByteArray();
    }

    private Haul haul() throws GeneralSecurityException {
        rows.forEach(row -> material.search(row.value()));
        var tree = new TreeWalk(material);
        Set<Long> slots = new HashSet<>();
        rows.forEach(row -> MapCopy.slotNamed(row).ifPresent(slots::add));
        Map<ByteBuffer, byte[]> secrets = new LinkedHashMap<>();
        for (long slot : slots) {
            tree.secretsOf(slot).forEach(secret -> secrets.put(ByteBuffer.wrap(secret), secret));
        }
        List<SlotRow> slotRows = parsed('s', SlotRow::parse);
        var hunt = new ContentHunt(blobs, tree.domains());
        hunt.openEnvelopes(slotRows, parsed('p', PartRow::parse), secrets.values());
        hunt.openStreams(slotRows);
        return new Haul(
                material.custodyKeys().size(),
                material.roots().size(),
                tree.openedRoots(),
                material.pages().size(),
                tree.openedPages(),
                slots.size(),
                secrets.size(),
                hunt.envelopes(),
                hunt.openedEnvelopes(),
                hunt.streams(),
                List.copyOf(hunt.plaintexts()),
                List.copyOf(tree.opening()));
    }

    private <T> List<T> parsed(char family, Function<Row, T> parser) {
        List<T> parsed = new ArrayList<>();
        for (Row row : rows) {
            if (row.is(family)) {
                try {
                    parsed.add(parser.apply(row));
                } catch (BufferUnderflowException damaged) {
                    // A row that cannot be read helps nobody.
                }
            }
        }
        return parsed;
    }

    /** {@code --data DIR} and {@code --custody DIR}, each as often as there are copies. */
    public static void main(String[] arguments) throws IOException {
        Optional<Folders> folders = Folders.parse(arguments);
        if (folders.isEmpty()) {
            System.err.println(
                    "OldCopyAttack --data DIR... --custody DIR...: each option as often as there are copies");
            System.exit(2);
        } else {
            tell(attack(folders.get().data, folders.get().custody), System.out);
        }
    }

    private static void tell(Haul haul, PrintStream out) {
        out.println(haul.account());
        haul.plaintexts()
                .forEach(plaintext -> out.println("  read " + plaintext + ", beginning with " + plaintext.beginning()));
    }

    private record Folders(List<Path> data, List<Path> custody) {
        static Optional<Folders> parse(String[] arguments) {
            List<Path> data = new ArrayList<>();
            List<Path> custody = new ArrayList<>();
            for (int i = 0; i + 1 < arguments.length; i += 2) {
                switch (arguments[i]) {
                    case "--data" -> data.add(Path.of(arguments[i + 1]));
                    case "--custody" -> custody.add(Path.of(arguments[i + 1]));
                    default -> {
                        return Optional.empty();
                    }
                }
            }
            return data.isEmpty() || custody.isEmpty() || arguments.length % 2 != 0
                    ? Optional.empty()
                    : Optional.of(new Folders(data, custody));
        }
    }
}
