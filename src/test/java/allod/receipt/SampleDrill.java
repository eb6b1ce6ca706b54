package allod.receipt;

import allod.log.Checkpoint;
import allod.log.DerivedTiles;
import allod.log.EventLeaf;
import allod.log.Frame;
import allod.log.Hash;
import allod.log.SignedNote;
import allod.log.TiledTree;
import allod.log.TlogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The evidence of a custody drill made by hand from the formats, of which each part can be changed before it is logged. */
public final class SampleDrill {
    private static final int BEGIN = 2;
    private static final int END = 4;
    private static final int LOG_SIZE = 7;

    public UnaryOperator<CustodyDrill.Begun> begun = UnaryOperator.identity();
    public UnaryOperator<CustodyDrill.Ended> ended = UnaryOperator.identity();
    UnaryOperator<Frame> endFrame = UnaryOperator.identity();
    /** What is done to the last event after it was logged. */
    UnaryOperator<OpenedEvent> afterwards = UnaryOperator.identity();

    UnaryOperator<SignedNote> note = UnaryOperator.identity();

    static CustodyDrill.Begun begunBody() {
        return new CustodyDrill.Begun(
                "admin/operator", 3, "2 of file, vault-eu, hsm-1", 12, 60_000, "opened: docs/märz.txt, 5 bytes");
    }

    static CustodyDrill.Ended endedBody() {
        return new CustodyDrill.Ended(
                "admin/operator",
                3,
                41,
                "opened: docs/märz.txt, 5 bytes",
                "refused: CUSTODIAN_AWAY: A custody drill withholds it.",
                "opened: docs/märz.txt, 5 bytes",
                43_210,
                7,
                true);
    }

    private static Frame frame(long seq) {
        return new Frame(
                SampleReceipt.LOG.verifierKey().name(),
                new byte[] {0, 0, 0, 1},
                seq,
                Hash.of(SampleReceipt.bytes((int) seq, 32)),
                1_772_366_400_300_000L + seq);
    }

    public ProvenEvents build() {
        var first = new OpenedEvent(frame(41), begun.apply(begunBody()).encode(), SampleReceipt.bytes(0x50, 32));
        var last = new OpenedEvent(
                endFrame.apply(frame(43)), ended.apply(endedBody()).encode(), SampleReceipt.bytes(0x60, 32));
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < LOG_SIZE; i++) {
            entries.add(
                    i == BEGIN
                            ? first.entry()
                            : i == END ? last.entry() : EventLeaf.entry(Hash.of(SampleReceipt.bytes(0xB0 + i, 32))));
        }
        var tree = new TiledTree(
                new DerivedTiles(
                        (from, count) -> entries.subList((int) from, (int) from + count),
                        (level, index) -> Optional.empty()),
                LOG_SIZE);
        SignedNote signed = note.apply(SampleReceipt.LOG.sign(
                new Checkpoint(SampleReceipt.LOG.verifierKey().name(), LOG_SIZE, tree.root()).text()));
        return new ProvenEvents(List.of(
                new ProvenEvents.Proven(first, TlogProof.of(tree.inclusion(BEGIN), signed)),
                new ProvenEvents.Proven(afterwards.apply(last), TlogProof.of(tree.inclusion(END), signed))));
    }

    public static byte[] committed() {
        return SampleReceipt.resource("sample.drill.json");
    }

    /** Writes the committed file anew; the argument is its folder. */
    public static void main(String[] args) throws IOException {
        byte[] file = new SampleDrill().build().encode();
        Files.write(Path.of(args[0]).resolve("sample.drill.json"), file);
        System.out.println(Hash.sha256(file) + " " + file.length);
    }
}
