package allod.receipt;

import allod.keys.AssuranceClass;
import allod.keys.CustodyPlan;
import allod.keys.Evidence;
import allod.keys.PageHeader;
import allod.keys.RootRecord;
import allod.log.Checkpoint;
import allod.log.DerivedTiles;
import allod.log.EventLeaf;
import allod.log.Frame;
import allod.log.Hash;
import allod.log.MerkleTree;
import allod.log.NoteSigner;
import allod.log.SignedNote;
import allod.log.TiledTree;
import allod.log.TlogProof;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A whole erasure made by hand from the formats alone: key pages, evidence, items, event, log. Each stage can be changed
 * before the later ones commit to it, so that a receipt breaks one statement and no other. All of it is fixed, so the
 * same bytes come out everywhere.
 */
public final class SampleReceipt {
    public static final NoteSigner LOG = NoteSigner.ofLog("log.allod.example", bytes(1, 32));
    public static final NoteSigner WITNESS = NoteSigner.ofWitness("witness.example", bytes(2, 32));
    public static final NoteSigner OTHER_WITNESS = NoteSigner.ofWitness("other.example", bytes(3, 32));

    static final byte[] DOMAIN = bytes(0x10, 16);
    static final int DOMAIN_NUMBER = 1;
    static final long GENERATION = 8;
    static final int HEIGHT = 3;
    /** Two digits of six bits: entry 5 of the leaf page, below entry 2, below entry 1. */
    static final long SLOT = (1L << 12) | (2 << 6) | 5;

    static final long UPLOAD_SLOT = SLOT + 1;
    static final int ORDINAL = 1;
    static final long INDEX = 4;
    static final int LOG_SIZE = 7;
    static final String HANDLE = "file:1:g8:a11b";
    static final String OLD_HANDLE = "file:1:g7:c22d";

    /** Stages, each a function of what the stage makes by itself. */
    UnaryOperator<List<PageHeader.OnPath>> pages = UnaryOperator.identity();

    RootRecord before = previous();
    UnaryOperator<RootRecord> root = UnaryOperator.identity();
    UnaryOperator<BatchEvidence> evidence = UnaryOperator.identity();
    UnaryOperator<EraseDoneBody> body = UnaryOperator.identity();
    UnaryOperator<Frame> frame = UnaryOperator.identity();
    UnaryOperator<SignedNote> note = UnaryOperator.identity();

    /** The sample with one witness. */
    public static Receipt whole() {
        return new SampleReceipt().build();
    }

    /** The sample signed by the log alone. */
    public static Receipt withoutWitness() {
        SampleReceipt sample = new SampleReceipt();
        sample.note = note -> LOG.sign(note.text());
        return sample.build();
    }

    /** The policy that trusts the log and asks for the witness. */
    public static String policy() {
        return "log " + LOG.verifierKey() + "\nwitness w " + WITNESS.verifierKey() + "\nquorum w\n";
    }

    public static byte[] committed() {
        return resource("sample.receipt.json");
    }

    static byte[] resource(String name) {
        try (InputStream in = SampleReceipt.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Receipt build() {
        List<PageHeader.OnPath> path = pages.apply(path());
        RootRecord record = root.apply(rootRecord(path.getFirst().id()));
        BatchEvidence left = evidence.apply(evidence(record));
        List<ReceiptItem> items = List.of(item(0), item(ORDINAL), item(2));
        ItemTree tree = new ItemTree(items.stream().map(ReceiptItem::commitment).toList());
        EraseDoneBody done = body.apply(new EraseDoneBody(
                "system", "owner", DOMAIN_NUMBER, GENERATION, tree.count(), tree.root(), left.hash()));
        OpenedEvent event = new OpenedEvent(frame.apply(frame()), done.encode(), bytes(0x50, 32));
        return new Receipt(
                new ReceiptId(DOMAIN_NUMBER, GENERATION, ORDINAL),
                items.get(ORDINAL),
                tree.path(ORDINAL),
                left,
                path,
                event,
                logProof(event));
    }

    private static List<PageHeader.OnPath> path() {
        PageHeader.OnPath leaf = page(0, SLOT >>> 6, Map.of(), SLOT, UPLOAD_SLOT);
        PageHeader.OnPath middle = page(1, SLOT >>> 12, Map.of(2, leaf.id(), 9, bytes(0x60, 32)));
        PageHeader.OnPath top = page(2, 0, Map.of(1, middle.id()));
        return List.of(top, middle, leaf);
    }

    /** A page written byte by byte as the format says: all seeds but the children and the empty slots. */
    static PageHeader.OnPath page(int level, long index, Map<Integer, byte[]> children, long... emptySlots) {
        byte[] kinds = bytes(1, 64);
        Arrays.fill(kinds, (byte) 1);
        children.keySet().forEach(entry -> kinds[entry] = 2);
        for (long slot : emptySlots) {
            kinds[(int) (slot & 63)] = 0;
        }
        ByteBuffer header = ByteBuffer.allocate(105 + 32 * children.size());
        header.put("allodKT1".getBytes(StandardCharsets.US_ASCII)).put(DOMAIN).put((byte) level);
        header.putLong(index).putLong(GENERATION).put(kinds);
        new TreeMap<>(children).values().forEach(header::put);
        return new PageHeader.OnPath(PageHeader.parse(header.array()), bytes(0x70 + level, 32));
    }

    private RootRecord rootRecord(byte[] rootPageId) {
        return new RootRecord(
                DOMAIN,
                GENERATION,
                HEIGHT,
                rootPageId,
                CustodyPlan.whole("file"),
                List.of(new RootRecord.Wrap("file", HANDLE, bytes(0x20, 60))),
                new RootRecord.Intent(9, bytes(0x30, 8)),
                Optional.of(before.hash()),
                Optional.empty());
    }

    /** The record that the erasure destroyed. */
    static RootRecord previous() {
        return previous(CustodyPlan.whole("file"), List.of(new RootRecord.Wrap("file", OLD_HANDLE, bytes(0x40, 60))));
    }

    static RootRecord previous(CustodyPlan plan, List<RootRecord.Wrap> wraps) {
        return new RootRecord(
                DOMAIN,
                GENERATION - 1,
                HEIGHT,
                bytes(0x48, 32),
                plan,
                wraps,
                new RootRecord.Intent(8, bytes(0x28, 8)),
                Optional.of(bytes(0x68, 32)),
                Optional.empty());
    }

    private BatchEvidence evidence(RootRecord record) {
        return BatchEvidence.of(
                before.outline(), record, List.of(custodian(HANDLE)), List.of(), List.of(), Residual.ALWAYS);
    }

    static Evidence custodian(String... live) {
        return new Evidence(
                "file",
                "file",
                OLD_HANDLE,
                AssuranceClass.E0,
                "sector overwritten with random bytes and synced",
                "unwrap refused: no such key",
                List.of(live),
                Instant.parse("2026-03-01T12:00:00.250Z"));
    }

    static ReceiptItem item(int ordinal) {
        boolean own = ordinal == ORDINAL;
        return new ReceiptItem(
                "photos".getBytes(StandardCharsets.UTF_8),
                ("2026/märz-" + ordinal + ".jpg").getBytes(StandardCharsets.UTF_8),
                7_272_000_000_000_000_000L + ordinal,
                48_231,
                Optional.of(Hash.of(bytes(0x80 + ordinal, 32))),
                own ? List.of(SLOT, UPLOAD_SLOT) : List.of(100L + ordinal),
                own ? ErasureReason.DELETED : ErasureReason.OVERWRITTEN,
                bytes(0x90 + ordinal, 32));
    }

    static Frame frame() {
        return new Frame(
                LOG.verifierKey().name(),
                new byte[] {0, 0, 0, 1},
                41,
                Hash.of(bytes(0xA0, 32)),
                1_772_366_400_300_000L);
    }

    private TlogProof logProof(OpenedEvent event) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < LOG_SIZE; i++) {
            entries.add(i == INDEX ? event.entry() : EventLeaf.entry(Hash.of(bytes(0xB0 + i, 32))));
        }
        TiledTree tree = new TiledTree(
                new DerivedTiles(
                        (first, count) -> entries.subList((int) first, (int) first + count),
                        (level, index) -> Optional.empty()),
                LOG_SIZE);
        String text = new Checkpoint(LOG.verifierKey().name(), LOG_SIZE, tree.root()).text();
        SignedNote signed = LOG.sign(text).with(List.of(WITNESS.cosign(text, Instant.ofEpochSecond(1_772_366_401L))));
        return TlogProof.of(tree.inclusion(INDEX), note.apply(signed));
    }

    /** Bytes that count up from a first one. */
    public static byte[] bytes(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    /** Writes the committed files anew; the argument is their folder. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Files.write(folder.resolve("sample.receipt.json"), whole().encode());
        Files.writeString(folder.resolve("sample.policy"), policy());
        Receipt sample = whole();
        System.out.println("commitment   " + sample.item().commitment());
        System.out.println("itemsRoot    " + sample.eraseDone().itemsRoot());
        System.out.println("evidenceHash " + sample.evidence().hash());
        System.out.println(
                "rootPageId   " + Hash.of(sample.evidence().rootRecord().rootPageId()));
        System.out.println(
                "entry        " + HexFormat.of().formatHex(sample.event().entry()));
        System.out.println("leaf         " + MerkleTree.leafHash(sample.event().entry()));
        System.out.println("sha256       " + Hash.sha256(sample.encode()) + " " + sample.encode().length);
    }
}
