package allod.receipt;

import static allod.receipt.JsonMembers.json;

import allod.keys.PageHeader;
import allod.log.Checkpoint;
import allod.log.Frame;
import allod.log.Hash;
import allod.log.InclusionProof;
import allod.log.MalformedException;
import allod.log.SignedNote;
import allod.log.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The evidence of one erased version as its owner takes it away: everything a stranger needs to check it, and nothing of
 * the other items of its batch. One canonical JSON document; see docs/formats/receipt.md.
 *
 * @param id its name
 * @param item what was erased
 * @param itemProof that the item is one of the batch; its size is the number of items
 * @param evidence what the erasure left
 * @param pages key pages from the root page down to the EMPTY entry of each of the item's slots: each page once, the
 *     higher levels first, within a level by index
 * @param event the batch's {@code erase.done}
 * @param logProof that the event is in the log
 */
public record Receipt(
        ReceiptId id,
        ReceiptItem item,
        InclusionProof itemProof,
        BatchEvidence evidence,
        List<PageHeader.OnPath> pages,
        OpenedEvent event,
        TlogProof logProof) {

    /** First member of every file of this version. */
    public static final String FORMAT = "allod/receipt/v1";

    /** Longest file. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** A page for each level of the tallest tree and each slot. */
    static final int MAX_PAGES = PageHeader.MAX_HEIGHT * ReceiptItem.MAX_SLOTS;

    private static final String WHAT = "receipt";
    private static final Comparator<PageHeader.OnPath> DOWNWARD = Comparator.comparingInt(
                    (PageHeader.OnPath page) -> -page.header().level())
            .thenComparing(page -> page.header().index(), Long::compareUnsigned);

    /** @throws IllegalArgumentException if the pages are too many or not in order, or the proof has extra data */
    public Receipt {
        pages = List.copyOf(pages);
        if (pages.size() > MAX_PAGES) {
            throw new IllegalArgumentException("a receipt has at most " + MAX_PAGES + " pages, not " + pages.size());
        }
        for (int i = 1; i < pages.size(); i++) {
            if (DOWNWARD.compare(pages.get(i - 1), pages.get(i)) >= 0) {
                throw new IllegalArgumentException("a page stands twice or out of order");
            }
        }
        if (logProof.extra().isPresent()) {
            throw new IllegalArgumentException("a receipt's log proof has no extra data");
        }
    }

    /** The pages of several slots' paths as a receipt holds them: each once, in order. */
    public static List<PageHeader.OnPath> mergePaths(List<List<PageHeader.OnPath>> paths) {
        Set<PageHeader.OnPath> distinct = new HashSet<>();
        paths.forEach(distinct::addAll);
        return distinct.stream().sorted(DOWNWARD).toList();
    }

    /**
     * Those of a batch's pages that a receipt of these slots holds, in order.
     *
     * @param batchPages at least every page on the way to one of the slots, each once, in any order
     */
    public static List<PageHeader.OnPath> pagesFor(List<Long> slots, Collection<PageHeader.OnPath> batchPages) {
        return mergePaths(slots.stream().map(slot -> pathTo(slot, batchPages)).toList());
    }

    /** The pages that lead to a slot, from the root page downwards, as far as this receipt has them. */
    List<PageHeader.OnPath> pathTo(long slot) {
        return pathTo(slot, pages);
    }

    private static List<PageHeader.OnPath> pathTo(long slot, Collection<PageHeader.OnPath> among) {
        List<PageHeader.OnPath> path = new ArrayList<>();
        List<PageHeader.OnPath> downward = among.stream()
                .filter(page -> page.header().index()
                        == PageHeader.indexOf(slot, page.header().level()))
                .sorted(DOWNWARD)
                .toList();
        for (PageHeader.OnPath page : downward) {
            path.add(page);
            if (page.header().kindAt(PageHeader.entryOf(slot, page.header().level())) != PageHeader.Kind.PAGE) {
                break; // A page below belongs to another slot or to none.
            }
        }
        return path;
    }

    /**
     * The body of the event as it was written.
     *
     * @throws MalformedException if it is not the body of an {@code erase.done}
     */
    public EraseDoneBody eraseDone() {
        return EraseDoneBody.parse(event.body());
    }

    /** The file. */
    public byte[] encode() {
        return Json.object(Map.of(
                        "event", eventJson(event),
                        "evidence", evidence.toJson(),
                        "format", json(FORMAT),
                        "id", json(id.toString()),
                        "item", item.toJson(),
                        "itemProof", itemProofJson(),
                        "logProof", logProofJson(logProof),
                        "pages", json(pages, Receipt::pageJson)))
                .encode();
    }

    /**
     * Reads a file.
     *
     * @throws MalformedException unless it is the one text of a receipt; nothing is checked but its form
     */
    public static Receipt parse(byte[] file) {
        if (file.length > MAX_BYTES) {
            throw new MalformedException("receipt has " + file.length + " bytes, the limit is " + MAX_BYTES);
        }
        Receipt receipt = JsonMembers.read(Json.parse(file), WHAT, Receipt::read);
        receipt.eraseDone();
        if (!Arrays.equals(receipt.encode(), file)) {
            throw new MalformedException("receipt is not in its canonical form");
        }
        return receipt;
    }

    private static Receipt read(JsonMembers in) {
        in.constant("format", FORMAT);
        JsonMembers proof = JsonMembers.of(in.get("itemProof"), "item proof");
        ReceiptItem item = ReceiptItem.of(in.get("item"), proof.bytes("salt"));
        InclusionProof itemProof =
                new InclusionProof(proof.number("index"), proof.smallNumber("count"), proof.hashes("path"));
        proof.end();
        return new Receipt(
                ReceiptId.parse(in.text("id")).orElseThrow(() -> new MalformedException("receipt has no such id")),
                item,
                itemProof,
                BatchEvidence.of(in.get("evidence")),
                in.list("pages", Receipt::page),
                JsonMembers.read(in.get("event"), "event", Receipt::event),
                JsonMembers.read(in.get("logProof"), "log proof", Receipt::logProof));
    }

    private Json itemProofJson() {
        return Json.object(Map.of(
                "count", json(itemProof.size()),
                "index", json(itemProof.index()),
                "path", json(itemProof.path(), JsonMembers::json),
                "salt", json(item.salt())));
    }

    private static Json pageJson(PageHeader.OnPath page) {
        return Json.object(Map.of(
                "bodyHash", json(page.bodyHash()),
                "header", json(page.header().encode())));
    }

    private static PageHeader.OnPath page(Json value) {
        return JsonMembers.read(
                value, "page", in -> new PageHeader.OnPath(PageHeader.parse(in.bytes("header")), in.bytes("bodyHash")));
    }

    static Json eventJson(OpenedEvent event) {
        Frame frame = event.frame();
        return Json.object(Map.of(
                "body", json(event.body()),
                "opening", json(event.opening()),
                "origin", json(frame.origin()),
                "prev", json(frame.prev()),
                "seq", json(frame.seq()),
                "tenant", json(frame.tenant()),
                "timeMicros", json(frame.timeMicros())));
    }

    static OpenedEvent event(JsonMembers in) {
        Frame frame = new Frame(
                in.text("origin"), in.bytes("tenant"), in.number("seq"), in.hash("prev"), in.number("timeMicros"));
        return new OpenedEvent(frame, in.bytes("body"), in.bytes("opening"));
    }

    static Json logProofJson(TlogProof logProof) {
        return Json.object(Map.of(
                "checkpoint", json(new String(logProof.note().encode(), StandardCharsets.UTF_8)),
                "index", json(logProof.inclusion().index()),
                "path", json(logProof.inclusion().path(), JsonMembers::json)));
    }

    static TlogProof logProof(JsonMembers in) {
        SignedNote note = SignedNote.parse(in.text("checkpoint").getBytes(StandardCharsets.UTF_8));
        long size = Checkpoint.parse(note.text()).size();
        List<Hash> path = in.hashes("path");
        return TlogProof.of(new InclusionProof(in.number("index"), size, path), note);
    }
}
