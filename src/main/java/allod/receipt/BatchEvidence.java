package allod.receipt;

import static allod.receipt.JsonMembers.json;

import allod.keys.AssuranceClass;
import allod.keys.Evidence;
import allod.keys.RootRecord;
import allod.log.Hash;
import allod.log.MalformedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one erasure left as evidence, once for all items of its batch. Its hash stands in the {@code erase.done} event,
 * so no sentence of it can be changed afterwards.
 *
 * @param domain the erasure domain, 16 random bytes
 * @param generation of the key tree that the erasure made
 * @param rootRecord the new generation's record
 * @param previousRecord SHA-256 of the record of the generation that was destroyed
 * @param custodians what each custodian answered; at least one, at most 64
 * @param survivingCopies copies that were not reached, at most 64
 * @param residuals what is left about the content, at most 64
 * @param foundDestroyed whether the handles were gone already when an interrupted erasure was finished
 * @param statements what a reader has to know to judge the receipt, at most 16 sentences
 */
public record BatchEvidence(
        byte[] domain,
        long generation,
        RootRecord rootRecord,
        Hash previousRecord,
        List<Evidence> custodians,
        List<SurvivingCopy> survivingCopies,
        List<Residual> residuals,
        boolean foundDestroyed,
        List<String> statements) {

    public static final int MAX_LIST = 64;
    public static final int MAX_STATEMENTS = 16;
    public static final int MAX_TEXT = 1024;

    /** Longest encoding. */
    public static final int MAX_BYTES = 256 * 1024;

    /** What every receipt says of itself. */
    public static final List<String> LIMITS = List.of(
            "This receipt is evidence that a key was destroyed. It is no proof that nobody copied the content or a key"
                    + " while it was live.",
            "A copy of the custody folder made before this erasure can undo it. The custody folder must never be backed"
                    + " up; losing it loses the data.");

    private static final String WHAT = "batch evidence";

    /** @throws IllegalArgumentException if a component breaks its rule */
    public BatchEvidence {
        require(domain.length == 16, "a domain of " + domain.length + " bytes");
        require(generation >= 1 && generation <= Json.MAX_NUMBER, "generation " + generation);
        custodians = List.copyOf(custodians);
        survivingCopies = List.copyOf(survivingCopies);
        residuals = List.copyOf(residuals);
        statements = List.copyOf(statements);
        require(!custodians.isEmpty() && custodians.size() <= MAX_LIST, custodians.size() + " custodians");
        require(survivingCopies.size() <= MAX_LIST, survivingCopies.size() + " surviving copies");
        require(residuals.size() <= MAX_LIST, residuals.size() + " residuals");
        require(statements.size() <= MAX_STATEMENTS, statements.size() + " statements");
        statements.forEach(BatchEvidence::requireText);
        domain = domain.clone();
    }

    /**
     * The evidence of an erasure that went through: domain, generation and the record before are those of the new record.
     *
     * @throws IllegalArgumentException if a component breaks its rule or the record is a domain's first
     */
    public static BatchEvidence of(
            RootRecord next, List<Evidence> custodians, List<SurvivingCopy> survivingCopies, List<Residual> residuals) {
        Hash previous = next.previousRecord()
                .map(Hash::of)
                .orElseThrow(() -> new IllegalArgumentException("the first generation of a domain erases nothing"));
        return new BatchEvidence(
                next.domain(),
                next.generation(),
                next,
                previous,
                custodians,
                survivingCopies,
                residuals,
                custodians.stream().anyMatch(e -> e.response().equals(Evidence.FOUND_DESTROYED)),
                LIMITS);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("batch evidence cannot have " + what);
        }
    }

    static void requireText(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a text of a receipt has 1 to " + MAX_TEXT + " characters");
        }
    }

    @Override
    public byte[] domain() {
        return domain.clone();
    }

    /** What the erasure is worth: the weakest class among all custodians and surviving copies. */
    public AssuranceClass assuranceClass() {
        return Stream.concat(
                        custodians.stream().map(Evidence::assuranceClass),
                        survivingCopies.stream().map(SurvivingCopy::assuranceClass))
                .min(AssuranceClass::compareTo)
                .orElse(AssuranceClass.E0);
    }

    /** SHA-256 of {@link #encode}. */
    public Hash hash() {
        return Hash.sha256(encode());
    }

    /**
     * Its canonical JSON, which also stands verbatim in each receipt.
     *
     * @throws IllegalStateException if that is over {@link #MAX_BYTES}
     */
    public byte[] encode() {
        byte[] encoded = toJson().encode();
        if (encoded.length > MAX_BYTES) {
            throw new IllegalStateException(
                    "batch evidence has " + encoded.length + " bytes, the limit is " + MAX_BYTES);
        }
        return encoded;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws MalformedException if it is anything else
     */
    public static BatchEvidence parse(byte[] encoded) {
        if (encoded.length > MAX_BYTES) {
            throw new MalformedException("batch evidence has " + encoded.length + " bytes, the limit is " + MAX_BYTES);
        }
        return of(Json.parse(encoded));
    }

    Json toJson() {
        return Json.object(Map.of(
                "custodians", json(custodians, BatchEvidence::custodianJson),
                "domain", json(domain),
                "foundDestroyed", new Json.Truth(foundDestroyed),
                "generation", json(generation),
                "previousRecord", json(previousRecord),
                "residuals", json(residuals, BatchEvidence::residualJson),
                "rootRecord", json(rootRecord.encode()),
                "statements", json(statements, JsonMembers::json),
                "survivingCopies", json(survivingCopies, BatchEvidence::copyJson)));
    }

    private static Json custodianJson(Evidence evidence) {
        return Json.object(Map.of(
                "class", JsonMembers.text(evidence.assuranceClass()),
                "custodian", json(evidence.custodian()),
                "handle", json(evidence.handle()),
                "kind", json(evidence.kind()),
                "liveHandles", json(evidence.liveHandles(), JsonMembers::json),
                "probe", json(evidence.probe()),
                "response", json(evidence.response()),
                "timeMillis", json(evidence.time().toEpochMilli())));
    }

    private static Json residualJson(Residual residual) {
        return Json.object(Map.of(
                "rule", json(residual.rule()),
                "until", json(residual.until()),
                "what", json(residual.what())));
    }

    private static Json copyJson(SurvivingCopy copy) {
        return Json.object(Map.of("class", JsonMembers.text(copy.assuranceClass()), "what", json(copy.what())));
    }

    static BatchEvidence of(Json value) {
        return JsonMembers.read(
                value,
                WHAT,
                in -> new BatchEvidence(
                        in.bytes("domain"),
                        in.number("generation"),
                        RootRecord.parse(in.bytes("rootRecord")),
                        in.hash("previousRecord"),
                        in.list("custodians", BatchEvidence::custodian),
                        in.list("survivingCopies", BatchEvidence::copy),
                        in.list("residuals", BatchEvidence::residual),
                        in.truth("foundDestroyed"),
                        in.texts("statements")));
    }

    private static Evidence custodian(Json value) {
        return JsonMembers.read(
                value,
                "custodian's evidence",
                in -> new Evidence(
                        in.text("custodian"),
                        in.text("kind"),
                        in.text("handle"),
                        AssuranceClass.valueOf(in.text("class")),
                        in.text("response"),
                        in.text("probe"),
                        in.texts("liveHandles"),
                        Instant.ofEpochMilli(in.number("timeMillis"))));
    }

    private static Residual residual(Json value) {
        return JsonMembers.read(
                value, "residual", in -> new Residual(in.text("what"), in.text("until"), in.text("rule")));
    }

    private static SurvivingCopy copy(Json value) {
        return JsonMembers.read(
                value,
                "surviving copy",
                in -> new SurvivingCopy(in.text("what"), AssuranceClass.valueOf(in.text("class"))));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BatchEvidence that
                && Arrays.equals(toJson().encode(), that.toJson().encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toJson().encode());
    }

    @Override
    public String toString() {
        return "BatchEvidence[" + rootRecord + ", " + assuranceClass() + "]";
    }
}
