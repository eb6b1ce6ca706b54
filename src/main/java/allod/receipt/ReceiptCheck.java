package allod.receipt;

import allod.keys.AssuranceClass;
import allod.keys.Evidence;
import allod.keys.PageHeader;
import allod.keys.RootOutline;
import allod.keys.RootRecord;
import allod.log.Checkpoint;
import allod.log.Hash;
import allod.log.InclusionProof;
import allod.log.MalformedException;
import allod.log.MerkleTree;
import allod.log.WitnessPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks a receipt, without a server, against the logs and witnesses that the reader trusts. */
public final class ReceiptCheck {
    private final Receipt receipt;
    private final EraseDoneBody done;
    private final RootRecord root;
    private final Checkpoint checkpoint;
    private final WitnessPolicy.Decision decision;

    private ReceiptCheck(Receipt receipt, WitnessPolicy.Decision decision) {
        this.receipt = receipt;
        this.done = receipt.eraseDone();
        this.root = receipt.evidence().rootRecord();
        this.checkpoint = receipt.logProof().checkpoint();
        this.decision = decision;
    }

    /** Reads a file and checks it; never throws for what the file holds. */
    public static Outcome check(byte[] file, WitnessPolicy policy) {
        try {
            return check(Receipt.parse(file), policy);
        } catch (MalformedException e) {
            return new Outcome.Unreadable(e.why());
        }
    }

    /**
     * Checks a receipt.
     *
     * @throws MalformedException if its event is not an {@code erase.done}; one that was parsed always has one
     */
    public static Outcome check(Receipt receipt, WitnessPolicy policy) {
        return check(receipt, policy.evaluate(receipt.logProof().note()));
    }

    /** @param decision what a policy says of the receipt's note */
    static Outcome check(Receipt receipt, WitnessPolicy.Decision decision) {
        return new ReceiptCheck(receipt, decision).outcome();
    }

    private Outcome outcome() {
        List<Finding> findings = List.of(id(), item(), evidence(), root(), slots(), custodians(), event(), signature());
        AssuranceClass worth = receipt.evidence().assuranceClass();
        Outcome.Findings all = new Outcome.Findings(receipt, findings, trusted(worth), worth);
        List<Statement> failed = findings.stream()
                .filter(finding -> !finding.passed())
                .map(Finding::statement)
                .toList();
        if (failed.isEmpty()) {
            return new Outcome.Holds(all);
        }
        boolean onlyUnknown =
                failed.equals(List.of(Statement.CHECKPOINT)) && decision instanceof WitnessPolicy.Decision.UnknownLog;
        return onlyUnknown ? new Outcome.SignerUnknown(all) : new Outcome.Failed(all, failed);
    }

    private Finding id() {
        ReceiptId named = receipt.id();
        boolean same = named.domain() == done.domain()
                && named.generation() == done.generation()
                && named.ordinal() == receipt.itemProof().index();
        return finding(
                Statement.ID,
                same,
                "The receipt is number " + named.ordinal() + " of the batch that made generation " + named.generation()
                        + " of domain " + named.domain() + ".",
                "The receipt is called " + named + ", its event and its item are of " + done.domain() + "-"
                        + done.generation() + "-" + receipt.itemProof().index() + ".");
    }

    private Finding item() {
        InclusionProof proof = receipt.itemProof();
        Hash leaf = MerkleTree.leafHash(receipt.item().commitment().bytes());
        boolean included = proof.size() == done.count() && proof.proves(leaf, done.itemsRoot());
        return finding(
                Statement.ITEM,
                included,
                "The item, with its name, version, size, slots and reason, is number " + proof.index() + " of the "
                        + done.count() + " items that the event commits to.",
                "The item is not number " + proof.index() + " of the items that the event commits to.");
    }

    private Finding evidence() {
        return finding(
                Statement.EVIDENCE,
                receipt.evidence().hash().equals(done.evidenceHash()),
                "The evidence, with every sentence in it, is the one whose hash the event holds.",
                "The evidence is not the one whose hash the event holds.");
    }

    private Finding root() {
        BatchEvidence evidence = receipt.evidence();
        boolean same = Arrays.equals(evidence.domain(), root.domain())
                && evidence.generation() == root.generation()
                && root.generation() == done.generation()
                && root.previousRecord()
                        .filter(hash ->
                                Arrays.equals(hash, evidence.previousRecord().hash()))
                        .isPresent()
                && Arrays.equals(evidence.previousRecord().domain(), root.domain())
                && evidence.previousRecord().generation() == root.generation() - 1;
        return finding(
                Statement.ROOT,
                same,
                "The root record is that of generation " + root.generation()
                        + " and names the record of the generation before it.",
                "The root record is " + root + ", which is not the generation that the evidence and the event name.");
    }

    /** Every page must be on the way to one of the slots, so that nothing in the file stays unchecked. */
    private Finding slots() {
        Set<PageHeader.OnPath> used = new HashSet<>();
        List<String> open = new ArrayList<>();
        for (long slot : receipt.item().slots()) {
            List<PageHeader.OnPath> path = receipt.pathTo(slot);
            used.addAll(path);
            if (!PageHeader.provesEmpty(root.rootPageId(), root.height(), root.domain(), slot, path)) {
                open.add(Long.toUnsignedString(slot));
            }
        }
        List<String> all =
                receipt.item().slots().stream().map(Long::toUnsignedString).toList();
        if (open.isEmpty() && used.size() != receipt.pages().size()) {
            return new Finding(Statement.SLOTS, false, "A key page is on the way to none of the slots.");
        }
        return finding(
                Statement.SLOTS,
                open.isEmpty(),
                "Slots " + all + " are empty in the key tree of the root record: no page of it leads to their keys.",
                "Slots " + open + " are not shown to be empty in the key tree of the root record.");
    }

    private Finding custodians() {
        List<String> alive = new ArrayList<>();
        for (Evidence evidence : receipt.evidence().custodians()) {
            List<String> current = root.wraps().stream()
                    .filter(wrap -> wrap.custodian().equals(evidence.custodian()))
                    .map(RootRecord.Wrap::handle)
                    .toList();
            if (current.contains(evidence.handle()) || !current.containsAll(evidence.liveHandles())) {
                alive.add(evidence.custodian());
            }
        }
        if (!alive.isEmpty()) {
            return new Finding(
                    Statement.CUSTODIANS,
                    false,
                    "Custodians " + alive + " hold a handle besides that of the new root.");
        }
        return held();
    }

    /** Whether so many of those who held the old root destroyed their part that the others cannot open it. */
    private Finding held() {
        RootOutline old = receipt.evidence().previousRecord();
        int destroyed = 0;
        List<String> unnamed = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (RootRecord.Wrap wrap : old.wraps()) {
            boolean gone = receipt.evidence().custodians().stream()
                    .anyMatch(evidence -> evidence.custodian().equals(wrap.custodian())
                            && evidence.handle().equals(wrap.handle()));
            boolean told = receipt.evidence().outstanding().stream().anyMatch(share -> share.isOf(wrap));
            if (gone) {
                destroyed++;
            } else {
                (told ? left : unnamed).add(wrap.custodian());
            }
        }
        int needed = old.wraps().size() - old.plan().threshold() + 1;
        boolean strangers = receipt.evidence().custodians().size() != destroyed
                || receipt.evidence().outstanding().size() != left.size();
        String held = "The old root was held by " + old.plan() + ". ";
        if (!unnamed.isEmpty() || strangers) {
            return new Finding(
                    Statement.CUSTODIANS,
                    false,
                    held + "The evidence is not about exactly those: of " + unnamed + " it says nothing.");
        }
        return finding(
                Statement.CUSTODIANS,
                destroyed >= needed,
                held + "Each custodian that was reached named the destroyed handle and holds none but that of the new"
                        + " root; " + destroyed + " of " + old.wraps().size() + " were reached, " + needed
                        + " are enough"
                        + (left.isEmpty() ? "." : "; outstanding, of no use alone: " + String.join(", ", left) + "."),
                held + "Only " + destroyed + " of them destroyed their part; " + needed
                        + " must, or the others can open" + " it.");
    }

    private Finding event() {
        OpenedEvent event = receipt.event();
        boolean logged = event.frame().origin().equals(checkpoint.origin())
                && receipt.logProof().includes(event.entry());
        Instant time = Instant.EPOCH.plus(event.frame().timeMicros(), ChronoUnit.MICROS);
        return finding(
                Statement.EVENT,
                logged,
                "The event " + EraseDoneBody.TYPE + " of " + time + " is entry "
                        + receipt.logProof().inclusion().index() + " of the first " + checkpoint.size() + " of "
                        + checkpoint.origin() + ".",
                "The event is not entry " + receipt.logProof().inclusion().index() + " of " + checkpoint.origin()
                        + " as the checkpoint has it.");
    }

    private Finding signature() {
        return switch (decision) {
            case WitnessPolicy.Decision.Accepted(var accepted, var log, var witnesses) ->
                new Finding(
                        Statement.CHECKPOINT,
                        true,
                        "The checkpoint of size " + accepted.size() + " is signed by the trusted log " + log.name()
                                + cosigned(witnesses) + ".");
            case WitnessPolicy.Decision.UnknownLog(var unknown) ->
                new Finding(
                        Statement.CHECKPOINT,
                        false,
                        "The checkpoint is signed by no key that is trusted for " + unknown.origin()
                                + "; who wrote this receipt is not known.");
            case WitnessPolicy.Decision.BadSignature(var key) ->
                new Finding(Statement.CHECKPOINT, false, "A signature of the checkpoint is not by " + key + ".");
            case WitnessPolicy.Decision.QuorumMissed(var missed, var log, var witnesses) ->
                new Finding(
                        Statement.CHECKPOINT,
                        false,
                        "The checkpoint is signed by the trusted log " + log.name() + cosigned(witnesses)
                                + ", which is fewer witnesses than the policy asks for.");
            case WitnessPolicy.Decision.NotACheckpoint(String why) ->
                new Finding(Statement.CHECKPOINT, false, "The note is no checkpoint: " + why + ".");
        };
    }

    private static String cosigned(List<String> witnesses) {
        return witnesses.isEmpty() ? " and by no witness" : " and cosigned by " + String.join(", ", witnesses);
    }

    private List<String> trusted(AssuranceClass worth) {
        List<String> trusted = new ArrayList<>();
        trusted.add(
                decision instanceof WitnessPolicy.Decision.UnknownLog
                        ? "Nothing yet of who signed it: no key of " + checkpoint.origin() + " is pinned."
                        : "That the key you pinned for " + checkpoint.origin() + " is the key of the log you mean.");
        trusted.add(
                decision instanceof WitnessPolicy.Decision.Accepted(var c, var l, var witnesses) && !witnesses.isEmpty()
                        ? "That the witnesses " + String.join(", ", witnesses) + " cosign only one history of this log."
                        : "That the log shows everyone the same history: no witness that you trust has cosigned it.");
        trusted.add("That the content was sealed under the named slots and nowhere else, and that nobody copied it or a"
                + " key while it was live.");
        for (Evidence evidence : receipt.evidence().custodians()) {
            trusted.add("That custodian " + evidence.custodian() + " (" + evidence.kind() + ") did what it answered: "
                    + evidence.response() + "; afterwards " + evidence.probe() + ".");
        }
        for (Unreached share : receipt.evidence().outstanding()) {
            trusted.add("That too few give away what they hold of the old root: custodian " + share.custodian()
                    + " was not reached (" + share.why() + ").");
        }
        for (SurvivingCopy copy : receipt.evidence().survivingCopies()) {
            trusted.add("That nobody uses a copy that was not reached: " + copy.what() + ".");
        }
        trusted.add("That this is enough for you: " + worth.meaning() + ".");
        return trusted;
    }

    private static Finding finding(Statement statement, boolean passed, String holds, String fails) {
        return new Finding(statement, passed, passed ? holds : fails);
    }
}
