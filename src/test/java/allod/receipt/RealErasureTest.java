package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.keys.Custodians;
import allod.keys.CustodyFolder;
import allod.keys.CustodyPlan;
import allod.keys.Destroyed;
import allod.keys.DomainKeys;
import allod.keys.Evidence;
import allod.keys.FileCustodian;
import allod.keys.KeyRing;
import allod.keys.KeyRound;
import allod.keys.PageHeader;
import allod.keys.PageName;
import allod.keys.RootRecord;
import allod.keys.StoredPage;
import allod.log.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receipt of an erasure that the real key tree and the real custodian have carried out. */
class RealErasureTest {
    private static final int DOMAIN = SampleReceipt.DOMAIN_NUMBER;
    private static final WitnessPolicy POLICY =
            WitnessPolicy.parse(SampleReceipt.policy().getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder = Path.of("replaced");

    private final Map<PageName, byte[]> pages = new HashMap<>();
    private final Random random = new Random(11);

    @Test
    void its_receipt_holds() {
        Disk disk = Disk.real();
        try (CustodyFolder custody = CustodyFolder.open(List.of(folder), disk, random)) {
            KeyRing ring = new KeyRing(
                    custody,
                    new Custodians(List.of(new FileCustodian(custody, false, random))),
                    disk,
                    random,
                    () -> Instant.parse("2026-03-01T12:00:00.250Z"),
                    100);
            carryOut(ring.create(DOMAIN, CustodyPlan.whole(FileCustodian.ID), pages::get));
            List<Evidence> evidence = List.of();
            RootRecord before = ring.domain(DOMAIN).root();
            // Neighbours and strangers of the sample's slots go first, so that real pages lead to it.
            for (long[] slots : new long[][] {
                {1},
                {SampleReceipt.SLOT - 1},
                {SampleReceipt.SLOT + 2, 77_777},
                {1L << 30},
                {2},
                {3},
                {SampleReceipt.SLOT, SampleReceipt.UPLOAD_SLOT, 100, 102}
            }) {
                KeyRing.Request request =
                        new KeyRing.Request(DOMAIN, ring.intend(DOMAIN), slots, Optional.of(new byte[32]));
                before = ring.domain(DOMAIN).root();
                evidence = carryOut(ring.begin(List.of(request)));
            }
            Receipt receipt = receipt(ring.domain(DOMAIN), before, evidence);
            Outcome outcome = ReceiptCheck.check(receipt.encode(), POLICY);
            assertThat(outcome).isInstanceOf(Outcome.Holds.class);
            assertThat(receipt.pages()).hasSizeGreaterThan(2);
        }
    }

    private List<Evidence> carryOut(KeyRound round) {
        round.persist();
        KeyRound.Change change = round.changes().getFirst();
        change.changed().forEach(page -> pages.put(page.name(), page.bytes()));
        change.dropped().forEach(pages::remove);
        round.committed();
        return round.destroyOldHandles()
                .getOrDefault(DOMAIN, new Destroyed(List.of(), List.of()))
                .evidence();
    }

    private Receipt receipt(DomainKeys keys, RootRecord before, List<Evidence> evidence) {
        RootRecord record = keys.root();
        assertThat(record.generation()).isEqualTo(SampleReceipt.GENERATION);
        List<PageHeader.OnPath> batch = pages.entrySet().stream()
                .map(page -> new StoredPage(page.getKey(), page.getValue()).onPath())
                .toList();
        List<PageHeader.OnPath> chosen =
                Receipt.pagesFor(List.of(SampleReceipt.SLOT, SampleReceipt.UPLOAD_SLOT), batch);
        assertThat(chosen).hasSizeLessThan(batch.size());
        SampleReceipt sample = new SampleReceipt();
        sample.pages = made -> chosen;
        sample.before = before;
        sample.root = made -> record;
        sample.evidence =
                made -> BatchEvidence.of(before.outline(), record, evidence, List.of(), List.of(), Residual.ALWAYS);
        return sample.build();
    }
}
