package allod.receipt;

import static allod.receipt.JsonMembers.json;

import allod.keys.AssuranceClass;
import allod.keys.Evidence;
import allod.keys.RootOutline;
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
 * @param previousRecord outline of the record of the generation that was destroyed: who held it, and how many are needed
 * @param custodians what each custodian answered; at least one, at most 64
 * @param outstanding custodians that were not reached, at most 64; fewer than could open the destroyed root
 * @param survivingCopies copies that were not reached, at most 64
 * @param residuals what is left about the content, at most 64
 * @param foundDestroyed whether the handles were gone already when an interrupted erasure was finished
 * @param statements what a reader has to know to judge the receipt, at most 16 sentences
 */
public record BatchEvidence(
        byte[] domain,
        long generation,
        RootRecord rootRecord,
        RootOutline previousRecord,
        List<Evidence> custodians,
        List<Unreached> outstanding,
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
        outstanding = List.copyOf(outstanding);
        survivingCopies = List.copyOf(survivingCopies);
        residuals = List.copyOf(residuals);
        statements = List.copyOf(statements);
        require(!custodians.isEmpty() && custodians.size() <= MAX_LIST, custodians.size() + " custodians");
        require(outstanding.size() <= MAX_LIST, outstanding.size() + " outstanding shares");
        require(survivingCopies.size() <= MAX_LIST, survivingCopies.size() + " surviving copies");
        require(residuals.size() <= MAX_LIST, residuals.size() + " residuals");
        require(statements.size() <= MAX_STATEMENTS, statements.size() + " statements");
        statements.forEach(BatchEvidence::requireText);
        domain = domain.clone();
    }

    /**
     * The evidence of an erasure that went through: domain and generation are those of the new record.
     *
     * @param previous outline of the record that was destroyed
     * @throws IllegalArgumentException if a component breaks its rule or the new record does not follow the old one
     */
    public static BatchEvidence of(
            RootOutline previous,
            RootRecord next,
            List<Evidence> custodians,
            List<Unreached> outstanding,
            List<SurvivingCopy> survivingCopies,
            List<Residual> residuals) {
        boolean follows = next.previousRecord()
                .filter(hash -> Arrays.equals(hash, previous.hash()))
                .isPresent();
        require(follows, "a record that does not follow the destroyed one");
        return new BatchEvidence(
                next.domain(),
                next.generation(),
                next,
                previous,
                custodians,
                outstanding,
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

    /**
     * What the erasure is worth. To open the old root somebody needs as many parts as its threshold says, so the class is
     * that of the strongest among so many of the weakest; a part that was not reached counts as E0, and a surviving copy
     * is never worth more than itself.
     */
    public AssuranceClass assuranceClass() {
        List<AssuranceClass> parts = Stream.concat(
                        custodians.stream().map(Evidence::assuranceClass),
                        outstanding.stream().map(share -> AssuranceClass.E0))
                .sorted()
                .toList();
        int needed = Math.min(previousRecord.plan().threshold(), parts.size());
        return Stream.concat(
                        Stream.of(parts.get(needed - 1)),
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
                "outstanding", json(outstanding, BatchEvidence::unreachedJson),
                "previousRecord", json(previousRecord.encode()),
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

    private static Json unreachedJson(Unreached share) {
        return Json.object(
                Map.of("custodian", json(share.custodian()), "handle", json(share.handle()), "why", json(share.why())));
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
                        RootOutline.parse(in.bytes("previousRecord")),
                        in.list("custodians", BatchEvidence::custodian),
                        in.list("outstanding", BatchEvidence::unreached),
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

    private static Unreached unreached(Json value) {
        return JsonMembers.read(
                value,
                "outstanding share",
                in -> new Unreached(in.text("custodian"), in.text("handle"), in.text("why")));
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
