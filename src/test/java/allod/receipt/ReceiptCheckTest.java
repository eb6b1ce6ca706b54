package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import allod.keys.AssuranceClass;
import allod.keys.CustodyPlan;
import allod.keys.Evidence;
import allod.keys.PageHeader;
import allod.keys.RootOutline;
import allod.keys.RootRecord;
import allod.log.Frame;
import allod.log.InclusionProof;
import allod.log.MalformedException;
import allod.log.NoteSigner;
import allod.log.SignedNote;
import allod.log.TlogProof;
import allod.log.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiptCheckTest {
    private static final WitnessPolicy POLICY = policy(SampleReceipt.policy());
    private static final WitnessPolicy LOG_ONLY = WitnessPolicy.ofLogs(List.of(SampleReceipt.LOG.verifierKey()));

    private static WitnessPolicy policy(String text) {
        return WitnessPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertBreaksOnly(Statement statement, Receipt receipt) {
        Outcome outcome = ReceiptCheck.check(receipt.encode(), POLICY);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) outcome).failed()).containsExactly(statement);
    }

    private static Receipt altered(
            UnaryOperator<ReceiptId> id, UnaryOperator<ReceiptItem> item, UnaryOperator<OpenedEvent> event) {
        Receipt sample = SampleReceipt.whole();
        return new Receipt(
                id.apply(sample.id()),
                item.apply(sample.item()),
                sample.itemProof(),
                sample.evidence(),
                sample.pages(),
                event.apply(sample.event()),
                sample.logProof());
    }

    @Test
    void all_statements_of_the_sample_hold_in_their_order() {
        Outcome outcome = ReceiptCheck.check(SampleReceipt.committed(), POLICY);
        assertThat(outcome).isInstanceOf(Outcome.Holds.class);
        Outcome.Findings findings = ((Outcome.Holds) outcome).findings();
        assertThat(findings.findings()).extracting(Finding::statement).containsExactly(Statement.values());
        assertThat(findings.findings()).allMatch(Finding::passed);
        assertThat(findings.assuranceClass()).isEqualTo(AssuranceClass.E0);
        assertThat(findings.trusted()).anyMatch(sentence -> sentence.contains("witnesses w cosign"));
    }

    @Test
    void no_bit_of_a_receipt_can_be_turned() {
        byte[] file = SampleReceipt.committed();
        assertThat(bitsThatMayBeTurned(file, POLICY, 0, file.length)).isEmpty();
    }

    @Test
    void no_bit_of_a_log_proof_without_witnesses_can_be_turned() {
        byte[] file = SampleReceipt.withoutWitness().encode();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(bitsThatMayBeTurned(file, LOG_ONLY, text.indexOf("\"logProof\""), text.indexOf("\"pages\"")))
                .isEmpty();
    }

    private static List<Integer> bitsThatMayBeTurned(byte[] file, WitnessPolicy policy, int from, int to) {
        SignedNote note = Receipt.parse(file).logProof().note();
        WitnessPolicy.Decision decision = policy.evaluate(note);
        assertThat(ReceiptCheck.check(file, policy)).isInstanceOf(Outcome.Holds.class);
        return IntStream.range(from * 8, to * 8)
                .parallel()
                .filter(bit -> {
                    byte[] flipped = file.clone();
                    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                    return check(flipped, policy, note, decision) instanceof Outcome.Holds;
                })
                .boxed()
                .toList();
    }

    /** A note that was not touched is not verified thousands of times. */
    private static Outcome check(byte[] file, WitnessPolicy policy, SignedNote known, WitnessPolicy.Decision decision) {
        try {
            Receipt receipt = Receipt.parse(file);
            return receipt.logProof().note().equals(known)
                    ? ReceiptCheck.check(receipt, decision)
                    : ReceiptCheck.check(receipt, policy);
        } catch (MalformedException e) {
            return new Outcome.Unreadable(e.why());
        }
    }

    @Test
    void a_receipt_of_another_name_breaks_its_id() {
        for (ReceiptId other : List.of(new ReceiptId(2, 8, 1), new ReceiptId(1, 9, 1), new ReceiptId(1, 8, 2))) {
            assertBreaksOnly(Statement.ID, altered(id -> other, item -> item, event -> event));
        }
    }

    @Test
    void an_item_of_another_size_or_salt_breaks_the_item() {
        ReceiptItem sample = SampleReceipt.item(SampleReceipt.ORDINAL);
        for (ReceiptItem other : List.of(
                new ReceiptItem(
                        sample.bucket(),
                        sample.key(),
                        sample.version(),
                        sample.sizeBytes() + 1,
                        sample.floeHash(),
                        sample.slots(),
                        sample.reason(),
                        sample.salt()),
                new ReceiptItem(
                        sample.bucket(),
                        sample.key(),
                        sample.version(),
                        sample.sizeBytes(),
                        sample.floeHash(),
                        sample.slots(),
                        sample.reason(),
                        new byte[32]))) {
            assertBreaksOnly(Statement.ITEM, altered(id -> id, item -> other, event -> event));
        }
    }

    @Test
    void an_item_count_other_than_the_events_breaks_the_item() {
        SampleReceipt sample = new SampleReceipt();
        sample.body = b -> new EraseDoneBody(
                b.actor(), b.purpose(), b.domain(), b.generation(), 4, b.itemsRoot(), b.evidenceHash());
        assertBreaksOnly(Statement.ITEM, sample.build());
    }

    @Test
    void a_sentence_that_was_changed_afterwards_breaks_the_evidence() {
        Receipt whole = SampleReceipt.whole();
        BatchEvidence e = whole.evidence();
        BatchEvidence changed = new BatchEvidence(
                e.domain(),
                e.generation(),
                e.rootRecord(),
                e.previousRecord(),
                e.custodians(),
                e.outstanding(),
                e.survivingCopies(),
                List.of(),
                e.foundDestroyed(),
                e.statements());
        assertBreaksOnly(
                Statement.EVIDENCE,
                new Receipt(
                        whole.id(),
                        whole.item(),
                        whole.itemProof(),
                        changed,
                        whole.pages(),
                        whole.event(),
                        whole.logProof()));
    }

    @Test
    void evidence_of_another_domain_generation_or_record_before_breaks_the_root() {
        List<UnaryOperator<BatchEvidence>> changes = List.of(
                e -> evidence(e, new byte[16], e.generation(), e.previousRecord()),
                e -> evidence(e, e.domain(), e.generation() + 1, e.previousRecord()),
                e -> evidence(
                        e,
                        e.domain(),
                        e.generation(),
                        SampleReceipt.previous(
                                        CustodyPlan.whole("file"),
                                        List.of(new RootRecord.Wrap("file", SampleReceipt.OLD_HANDLE, new byte[1])))
                                .outline()));
        for (UnaryOperator<BatchEvidence> change : changes) {
            SampleReceipt sample = new SampleReceipt();
            sample.evidence = change;
            assertBreaksOnly(Statement.ROOT, sample.build());
        }
    }

    private static BatchEvidence evidence(BatchEvidence e, byte[] domain, long generation, RootOutline previous) {
        return new BatchEvidence(
                domain,
                generation,
                e.rootRecord(),
                previous,
                e.custodians(),
                e.outstanding(),
                e.survivingCopies(),
                e.residuals(),
                e.foundDestroyed(),
                e.statements());
    }

    @Test
    void a_root_record_of_another_generation_than_the_event_breaks_the_root() {
        SampleReceipt sample = new SampleReceipt();
        sample.root = r -> new RootRecord(
                r.domain(),
                r.generation() + 1,
                r.height(),
                r.rootPageId(),
                r.plan(),
                r.wraps(),
                r.intent(),
                r.previousRecord(),
                r.previousReceipt());
        assertBreaksOnly(Statement.ROOT, sample.build());
    }

    @Test
    void a_page_that_was_changed_left_out_or_added_breaks_the_slots() {
        Receipt whole = SampleReceipt.whole();
        List<PageHeader.OnPath> pages = whole.pages();
        PageHeader.OnPath leaf = pages.getLast();
        PageHeader.OnPath otherBody = new PageHeader.OnPath(leaf.header(), new byte[32]);
        PageHeader.OnPath stranger = SampleReceipt.page(0, 99, Map.of());
        List<PageHeader.OnPath> added = new ArrayList<>(pages);
        added.add(stranger);
        assertBreaksOnly(Statement.SLOTS, ReceiptTest.withPages(whole, List.of(pages.get(0), pages.get(1), otherBody)));
        assertBreaksOnly(Statement.SLOTS, ReceiptTest.withPages(whole, pages.subList(0, 2)));
        assertBreaksOnly(Statement.SLOTS, ReceiptTest.withPages(whole, List.of()));
        assertBreaksOnly(Statement.SLOTS, ReceiptTest.withPages(whole, added));
    }

    @Test
    void a_tree_in_which_one_of_the_slots_still_has_a_key_breaks_the_slots() {
        SampleReceipt sample = new SampleReceipt();
        sample.pages = pages -> {
            PageHeader.OnPath leaf = SampleReceipt.page(0, SampleReceipt.SLOT >>> 6, Map.of(), SampleReceipt.SLOT);
            PageHeader.OnPath middle = SampleReceipt.page(1, SampleReceipt.SLOT >>> 12, Map.of(2, leaf.id()));
            PageHeader.OnPath top = SampleReceipt.page(2, 0, Map.of(1, middle.id()));
            return List.of(top, middle, leaf);
        };
        assertBreaksOnly(Statement.SLOTS, sample.build());
    }

    @Test
    void slots_below_an_empty_entry_higher_up_are_empty() {
        SampleReceipt sample = new SampleReceipt();
        sample.pages = pages -> List.of(SampleReceipt.page(2, 0, Map.of(), SampleReceipt.SLOT >>> 12));
        assertThat(ReceiptCheck.check(sample.build(), POLICY)).isInstanceOf(Outcome.Holds.class);
    }

    @Test
    void a_custodian_with_another_live_handle_breaks_the_custodians() {
        for (Evidence alive : List.of(
                SampleReceipt.custodian(SampleReceipt.HANDLE, SampleReceipt.OLD_HANDLE),
                SampleReceipt.custodian("file:1:g6:left"))) {
            SampleReceipt sample = new SampleReceipt();
            sample.evidence = e -> BatchEvidence.of(
                    e.previousRecord(), e.rootRecord(), List.of(alive), List.of(), List.of(), e.residuals());
            assertBreaksOnly(Statement.CUSTODIANS, sample.build());
        }
    }

    @Test
    void an_event_with_another_opening_body_or_frame_breaks_the_event() {
        Frame f = SampleReceipt.frame();
        for (UnaryOperator<OpenedEvent> change : List.<UnaryOperator<OpenedEvent>>of(
                e -> new OpenedEvent(e.frame(), e.body(), new byte[32]),
                e -> new OpenedEvent(
                        new Frame(f.origin(), f.tenant(), f.seq() + 1, f.prev(), f.timeMicros()),
                        e.body(),
                        e.opening()),
                e -> new OpenedEvent(
                        new Frame(f.origin(), f.tenant(), f.seq(), f.prev(), f.timeMicros() + 1),
                        e.body(),
                        e.opening()))) {
            assertBreaksOnly(Statement.EVENT, altered(id -> id, item -> item, change));
        }
    }

    @Test
    void an_event_of_another_log_breaks_the_event() {
        SampleReceipt sample = new SampleReceipt();
        sample.frame = f -> new Frame("other.example", f.tenant(), f.seq(), f.prev(), f.timeMicros());
        assertBreaksOnly(Statement.EVENT, sample.build());
    }

    @Test
    void an_event_at_another_index_breaks_the_event() {
        Receipt whole = SampleReceipt.whole();
        TlogProof proof = whole.logProof();
        TlogProof moved = TlogProof.of(
                new InclusionProof(
                        5, proof.inclusion().size(), proof.inclusion().path()),
                proof.note());
        assertBreaksOnly(
                Statement.EVENT,
                new Receipt(
                        whole.id(),
                        whole.item(),
                        whole.itemProof(),
                        whole.evidence(),
                        whole.pages(),
                        whole.event(),
                        moved));
    }

    @Test
    void a_forged_signature_breaks_the_checkpoint() {
        NoteSigner forger = NoteSigner.ofLog(SampleReceipt.LOG.verifierKey().name(), SampleReceipt.bytes(9, 32));
        SampleReceipt sample = new SampleReceipt();
        sample.note = note -> {
            SignedNote.Signature forged = forger.sign(note.text()).signatures().getFirst();
            return new SignedNote(
                    note.text(),
                    List.of(new SignedNote.Signature(
                            forged.name(), SampleReceipt.LOG.verifierKey().keyId(), forged.signature())));
        };
        assertBreaksOnly(Statement.CHECKPOINT, sample.build());
    }

    @Test
    void a_missing_witness_breaks_the_checkpoint_where_the_policy_asks_for_it() {
        Receipt alone = SampleReceipt.withoutWitness();
        assertBreaksOnly(Statement.CHECKPOINT, alone);
        assertThat(ReceiptCheck.check(alone, LOG_ONLY)).isInstanceOf(Outcome.Holds.class);
    }

    @Test
    void a_group_of_witnesses_is_met_by_as_many_as_it_asks_for() {
        String group = "log " + SampleReceipt.LOG.verifierKey() + "\nwitness a "
                + SampleReceipt.WITNESS.verifierKey() + "\nwitness b "
                + SampleReceipt.OTHER_WITNESS.verifierKey() + "\ngroup g %s a b\nquorum g\n";
        Receipt one = SampleReceipt.whole();
        SampleReceipt sample = new SampleReceipt();
        sample.note = note -> note.with(
                List.of(SampleReceipt.OTHER_WITNESS.cosign(note.text(), Instant.ofEpochSecond(1_772_366_402L))));
        Receipt both = sample.build();
        assertThat(ReceiptCheck.check(one, policy(group.formatted("any")))).isInstanceOf(Outcome.Holds.class);
        assertThat(ReceiptCheck.check(one, policy(group.formatted("all")))).isInstanceOf(Outcome.Failed.class);
        assertThat(ReceiptCheck.check(both, policy(group.formatted("2")))).isInstanceOf(Outcome.Holds.class);
    }

    @Test
    void a_log_that_nobody_pinned_is_unknown_and_not_a_failure() {
        WitnessPolicy nobody = WitnessPolicy.ofLogs(List.of());
        WitnessPolicy another = WitnessPolicy.ofLogs(
                List.of(NoteSigner.ofLog(SampleReceipt.LOG.verifierKey().name(), SampleReceipt.bytes(9, 32))
                        .verifierKey()));
        for (WitnessPolicy policy : List.of(nobody, another)) {
            assertThat(ReceiptCheck.check(SampleReceipt.committed(), policy)).isInstanceOf(Outcome.SignerUnknown.class);
            assertThat(ReceiptCheck.check(altered(id -> new ReceiptId(1, 8, 2), i -> i, e -> e), policy))
                    .isInstanceOf(Outcome.Failed.class);
        }
    }

    private static final List<String> THREE = List.of("file", "bao", "hsm");

    /** An old root that three held, two of them enough. */
    private static RootRecord sharedBefore(List<String> holders) {
        return SampleReceipt.previous(
                new CustodyPlan(2, THREE),
                holders.stream()
                        .map(id -> new RootRecord.Wrap(id, id + "-7", new byte[60]))
                        .toList());
    }

    private static Evidence destroyed(String id, AssuranceClass worth) {
        return new Evidence(id, id, id + "-7", worth, "destroyed", "unwrap refused", List.of(id + "-8"), Instant.EPOCH);
    }

    private static SampleReceipt shared(List<String> holders, List<Evidence> evidence, List<Unreached> outstanding) {
        SampleReceipt sample = new SampleReceipt();
        RootRecord before = sharedBefore(holders);
        sample.before = before;
        sample.root = made -> new RootRecord(
                made.domain(),
                made.generation(),
                made.height(),
                made.rootPageId(),
                new CustodyPlan(2, THREE),
                THREE.stream()
                        .map(id -> new RootRecord.Wrap(id, id + "-8", new byte[60]))
                        .toList(),
                made.intent(),
                made.previousRecord(),
                made.previousReceipt());
        sample.evidence = made -> BatchEvidence.of(
                before.outline(), made.rootRecord(), evidence, outstanding, List.of(), Residual.ALWAYS);
        return sample;
    }

    private static final Evidence FILE = destroyed("file", AssuranceClass.E0);
    private static final Evidence BAO = destroyed("bao", AssuranceClass.E2);
    private static final Evidence HSM = destroyed("hsm", AssuranceClass.E3);
    private static final Unreached HSM_AWAY = new Unreached("hsm", "hsm-7", "it does not answer");

    @Test
    void of_three_that_held_the_old_root_two_must_have_destroyed_their_share_and_the_third_is_named() {
        assertThat(ReceiptCheck.check(
                        shared(THREE, List.of(FILE, BAO, HSM), List.of()).build(), POLICY))
                .isInstanceOf(Outcome.Holds.class);
        Outcome twoOfThree = ReceiptCheck.check(
                shared(THREE, List.of(FILE, BAO), List.of(HSM_AWAY)).build(), POLICY);
        assertThat(twoOfThree).isInstanceOfSatisfying(Outcome.Holds.class, holds -> {
            assertThat(holds.findings().findings())
                    .anyMatch(finding -> finding.sentence().contains("outstanding")
                            && finding.sentence().contains("hsm"));
            assertThat(holds.findings().trusted()).anyMatch(text -> text.contains("hsm was not reached"));
        });
        assertBreaksOnly(
                Statement.CUSTODIANS,
                shared(THREE, List.of(FILE), List.of(new Unreached("bao", "bao-7", "away"), HSM_AWAY))
                        .build());
    }

    @Test
    void a_degraded_old_root_that_two_held_dies_with_either_share() {
        SampleReceipt sample = shared(
                List.of("file", "hsm"), List.of(FILE), List.of(new Unreached("hsm", "hsm-7", "it does not answer")));
        assertThat(ReceiptCheck.check(sample.build(), POLICY)).isInstanceOf(Outcome.Holds.class);
    }

    @Test
    void evidence_that_is_silent_about_a_holder_or_tells_of_another_breaks_the_custodians() {
        assertBreaksOnly(
                Statement.CUSTODIANS,
                shared(THREE, List.of(FILE, BAO), List.of()).build());
        assertBreaksOnly(
                Statement.CUSTODIANS,
                shared(List.of("file", "bao"), List.of(FILE, BAO, HSM), List.of())
                        .build());
        assertBreaksOnly(
                Statement.CUSTODIANS,
                shared(THREE, List.of(FILE, FILE, FILE), List.of(HSM_AWAY)).build());
    }

    @Test
    void the_class_is_that_of_the_strongest_among_the_weakest_that_are_needed() {
        assertThat(classOf(shared(THREE, List.of(FILE, BAO, HSM), List.of()))).isEqualTo(AssuranceClass.E2);
        assertThat(classOf(shared(THREE, List.of(FILE, BAO), List.of(HSM_AWAY))))
                .isEqualTo(AssuranceClass.E0);
        assertThat(classOf(shared(
                        THREE, List.of(BAO, HSM), List.of(new Unreached("file", "file-7", "it does not answer")))))
                .isEqualTo(AssuranceClass.E2);
    }

    private static AssuranceClass classOf(SampleReceipt sample) {
        return sample.build().evidence().assuranceClass();
    }

    @Test
    void a_surviving_copy_is_worth_no_more_than_itself() {
        BatchEvidence e = SampleReceipt.whole().evidence();
        Evidence strong = new Evidence(
                "file",
                "pkcs11",
                SampleReceipt.OLD_HANDLE,
                AssuranceClass.E3,
                "deleted",
                "refused",
                List.of(),
                Instant.EPOCH);
        var copy = new SurvivingCopy("mirror b", AssuranceClass.E1);
        assertThat(of(e, strong, List.of()).assuranceClass()).isEqualTo(AssuranceClass.E3);
        assertThat(of(e, strong, List.of(copy)).assuranceClass()).isEqualTo(AssuranceClass.E1);
    }

    private static BatchEvidence of(BatchEvidence e, Evidence evidence, List<SurvivingCopy> copies) {
        return BatchEvidence.of(e.previousRecord(), e.rootRecord(), List.of(evidence), List.of(), copies, List.of());
    }

    @Test
    void what_was_found_destroyed_at_recovery_is_said() {
        Evidence found = new Evidence(
                "file",
                "file",
                SampleReceipt.OLD_HANDLE,
                AssuranceClass.E0,
                Evidence.FOUND_DESTROYED,
                "unwrap refused",
                List.of(SampleReceipt.HANDLE),
                Instant.EPOCH);
        assertThat(of(SampleReceipt.whole().evidence(), found, List.of()).foundDestroyed())
                .isTrue();
        assertThat(SampleReceipt.whole().evidence().foundDestroyed()).isFalse();
    }
}
