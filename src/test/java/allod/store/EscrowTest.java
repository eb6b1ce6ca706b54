package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.ContentKey;
import allod.keys.EnvelopeBinding;
import allod.keys.FloeParameters;
import allod.keys.FloeRangeReader;
import allod.keys.FloeStream;
import allod.keys.Share;
import allod.keys.StreamBinding;
import allod.pact.Party;
import allod.receipt.Outcome;
import allod.receipt.Receipt;
import allod.receipt.ReceiptId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EscrowTest {
    private static final Party AGENCY = Party.in("DE", "Agency");

    /** A party's key pair, made by the JDK's own generator. */
    private record Recipient(byte[] privateKey, String publicKey) {
        static Recipient draw() throws Exception {
            var pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            byte[] big = ((XECPublicKey) pair.getPublic()).getU().toByteArray();
            byte[] little = new byte[32];
            for (int i = 0; i < Math.min(32, big.length); i++) {
                little[i] = big[big.length - 1 - i];
            }
            byte[] secret = ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow();
            return new Recipient(secret, Base64.getEncoder().encodeToString(little));
        }
    }

    private static Escrow addTo(OpenStore open, BucketName bucket, Party party, Recipient recipient)
            throws IOException {
        return open.store
                .escrows()
                .add(OpenStore.ROOT, new Escrow.Scope.OfBucket(bucket), party, recipient.publicKey());
    }

    private static NameRow name(OpenStore open, BucketName bucket, String key) {
        byte[] row = open.ground().map().get(MapKey.current(open.row(bucket).id(), ObjectKey.of(key)));
        return NameRow.decode(java.util.Objects.requireNonNull(row));
    }

    private static SlotRow slotRow(OpenStore open, BucketName bucket, long slot) {
        byte[] row = open.ground().map().get(MapKey.slot(open.row(bucket).domain(), slot));
        return SlotRow.decode(java.util.Objects.requireNonNull(row));
    }

    private static List<Long> shares(OpenStore open, BucketName bucket, String key) {
        return slotRow(open, bucket, name(open, bucket, key).slot()).shareSlots();
    }

    /** What the recipient does: its private key, the share's row, and the slot's secret from the custodian's side. */
    private static ContentKey openShare(OpenStore open, BucketName bucket, SlotRow row, byte[] slotSecret, byte[] key) {
        byte[] domain = open.ground().secrets().domainId(open.row(bucket).domain());
        Share share = ShareRecord.share(row);
        return share.open(
                slotSecret, key, new EnvelopeBinding(domain, open.row(bucket).id(), row.objectId()));
    }

    private static byte[] secret(OpenStore open, BucketName bucket, long slot) {
        return open.ground().secrets().secret(open.row(bucket).domain(), slot).orElseThrow();
    }

    private static byte[] decrypted(OpenStore open, BucketName bucket, SlotRow version, ContentKey key, long size)
            throws IOException {
        byte[] domain = open.ground().secrets().domainId(open.row(bucket).domain());
        var binding = new StreamBinding(domain, version.objectId(), 1);
        var stream = new FloeStream(FloeParameters.STANDARD, size);
        var out = new ByteArrayOutputStream();
        try (var reader = new FloeRangeReader(
                stream,
                stream.whole(),
                key.streamKey(binding),
                binding.aad(),
                (position, target, offset, count) ->
                        System.arraycopy(version.inline(), (int) position, target, offset, count))) {
            while (reader.next()) {
                out.write(reader.buffer(), reader.offset(), reader.length());
            }
        }
        return out.toByteArray();
    }

    private static List<String> events(OpenStore open, Caller caller) throws IOException {
        return open.store.events(caller, 0, 1000).stream()
                .map(event -> new String(event.opened().orElseThrow().body(), StandardCharsets.UTF_8))
                .filter(body -> body.contains("\"type\":\"escrow."))
                .toList();
    }

    @Test
    void the_recipient_opens_the_content_with_the_custodians_help_and_after_erasure_it_cannot(@TempDir Path folder)
            throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("escrowed");
            Recipient agency = Recipient.draw();
            addTo(open, bucket, AGENCY, agency);
            open.put(bucket, "k", "the content");
            NameRow name = name(open, bucket, "k");
            SlotRow version = slotRow(open, bucket, name.slot());
            long shareSlot = version.shareSlots().getFirst();
            SlotRow share = slotRow(open, bucket, shareSlot);
            assertThat(share.kind()).isEqualTo(SlotKind.SHARE);
            assertThat(share.owner().order()).isEqualTo(name.order());

            byte[] custodiansHelp = secret(open, bucket, shareSlot);
            try (ContentKey key = openShare(open, bucket, share, custodiansHelp, agency.privateKey())) {
                assertThat(decrypted(open, bucket, version, key, 11)).asString().isEqualTo("the content");
            }
            // Neither half alone: another's key, or another slot's secret.
            byte[] stranger = Recipient.draw().privateKey();
            assertThatThrownBy(() -> openShare(open, bucket, share, custodiansHelp, stranger))
                    .isInstanceOf(Problem.class);
            byte[] versionsSecret = secret(open, bucket, name.slot());
            assertThatThrownBy(() -> openShare(open, bucket, share, versionsSecret, agency.privateKey()))
                    .isInstanceOf(Problem.class);

            ReceiptId id = ((DeleteAnswer.Erased) open.delete(bucket, "k").getFirst()).receipt();
            int domain = open.row(bucket).domain();
            assertThat(open.ground().secrets().secret(domain, shareSlot)).isEmpty();
            assertThat(open.ground().secrets().secret(domain, name.slot())).isEmpty();
            assertThat(open.ground().map().get(MapKey.slot(domain, shareSlot))).isNull();
            Receipt receipt = open.store.receipts().fetch(open.owner, id);
            assertThat(receipt.item().slots()).containsExactly(name.slot(), shareSlot);
            assertThat(StoreReceipts.check(open, receipt.encode())).isInstanceOf(Outcome.Holds.class);
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    @Test
    void every_new_version_of_every_kind_gets_its_envelope_and_keeps_it_after_a_start(@TempDir Path folder)
            throws Exception {
        Recipient agency = Recipient.draw();
        OpenStore open = OpenStore.in(folder);
        BucketName bucket = open.bucket("every");
        open.put(bucket, "before", "1");
        addTo(open, bucket, AGENCY, agency);
        open.store
                .escrows()
                .add(
                        OpenStore.ROOT,
                        new Escrow.Scope.OfTenant("owner"),
                        Party.in("CH", "Notary"),
                        Recipient.draw().publicKey());
        open.put(bucket, "small", "1");
        open.put(bucket, "large", new byte[100_000]);
        BucketName later = open.bucket("later");
        open.put(later, "k", "1");
        OpenStore again = open.reopen();
        try (again) {
            again.put(bucket, "after", "1");
            assertThat(shares(again, bucket, "before")).isEmpty();
            for (String key : List.of("small", "large", "after")) {
                assertThat(shares(again, bucket, key)).as(key).hasSize(2);
                KeyStructure keys = again.store.keyStructure(again.owner, bucket, ObjectKey.of(key), Optional.empty());
                assertThat(keys.envelopes().stream()
                                .map(KeyStructure.Envelope::party)
                                .toList())
                        .containsExactlyInAnyOrder(
                                Optional.empty(), Optional.of(AGENCY), Optional.of(Party.in("CH", "Notary")));
            }
            assertThat(shares(again, later, "k")).hasSize(1);
            assertThat(again.store.escrows().list()).hasSize(2);
        }
    }

    @Test
    void an_overwrite_and_a_failed_write_leave_no_openable_share(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("overwritten");
            addTo(open, bucket, AGENCY, Recipient.draw());
            open.put(bucket, "k", "1");
            List<Long> first = shares(open, bucket, "k");
            open.put(bucket, "k", "2");
            assertThatThrownBy(() -> open.put(
                            bucket,
                            ObjectKey.of("k"),
                            new byte[] {1},
                            new WriteCondition(true, Optional.empty(), false)))
                    .isInstanceOf(Problem.class);
            open.drained();
            int domain = open.row(bucket).domain();
            assertThat(open.ground().secrets().secret(domain, first.getFirst())).isEmpty();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    @Test
    void a_write_under_way_when_an_escrow_begins_or_ends_is_as_the_log_has_it(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("racing");
            byte[] content = {1, 2, 3};
            Escrow escrow;
            try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of("during"))) {
                writer.write(content, 0, 3);
                escrow = addTo(open, bucket, AGENCY, Recipient.draw());
                writer.commit(OpenStore.terms(content, WriteCondition.NONE));
            }
            assertThat(shares(open, bucket, "during")).hasSize(1);
            try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of("end"))) {
                writer.write(content, 0, 3);
                assertThat(open.store
                                .escrows()
                                .remove(OpenStore.ROOT, escrow.id())
                                .inForce())
                        .isFalse();
                writer.commit(OpenStore.terms(content, WriteCondition.NONE));
            }
            assertThat(shares(open, bucket, "end")).isEmpty();

            // Writers and escrows that come and go at once: a version has the envelopes of those it lies between.
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                int number = w;
                writers.add(CompletableFuture.runAsync(() -> {
                    try {
                        for (int i = 0; i < 25; i++) {
                            open.put(bucket, number + "/" + i, "x");
                        }
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
            Recipient recipient = Recipient.draw();
            for (int i = 0; i < 10; i++) {
                Escrow one = addTo(open, bucket, AGENCY, recipient);
                open.store.escrows().remove(OpenStore.ROOT, one.id());
            }
            writers.forEach(CompletableFuture::join);
            assertThat(versionsOutOfStep(open, bucket)).isEmpty();
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    /** Replays the owner's history and compares each put with the escrows in force at its place. */
    private static List<String> versionsOutOfStep(OpenStore open, BucketName bucket) throws IOException {
        List<String> wrong = new ArrayList<>();
        int inForce = 0;
        for (EventRecord event : open.store.events(open.owner, 0, 1000)) {
            String body = new String(event.opened().orElseThrow().body(), StandardCharsets.UTF_8);
            inForce +=
                    body.contains("\"type\":\"escrow.add\"") ? 1 : body.contains("\"type\":\"escrow.remove\"") ? -1 : 0;
            if (body.contains("\"type\":\"object.put\"") && body.contains("/")) {
                String key = body.replaceAll(".*\"key\":\"([^\"]*)\".*", "$1");
                if (shares(open, bucket, key).size() != inForce) {
                    wrong.add(key + " under " + inForce);
                }
            }
        }
        return wrong;
    }

    @Test
    void a_bucket_that_forbids_escrow_refuses_it_for_good_and_the_owner_sees_all_of_it(@TempDir Path folder)
            throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName free = open.bucket("free-of-it");
            BucketName other = open.bucket("another");
            Recipient agency = Recipient.draw();
            Escrow first = addTo(open, free, AGENCY, agency);
            assertRefused(Reason.CONFLICT, () -> forbid(open, free));
            open.store.escrows().remove(OpenStore.ROOT, first.id());
            forbid(open, free);
            forbid(open, free);
            assertRefused(Reason.ACCESS_DENIED, () -> addTo(open, free, AGENCY, agency));
            Escrow all = open.store
                    .escrows()
                    .add(OpenStore.ROOT, new Escrow.Scope.OfTenant("owner"), AGENCY, agency.publicKey());
            assertThat(all.exempt()).containsExactly("free-of-it");
            open.put(free, "k", "1");
            open.put(other, "k", "1");
            assertThat(shares(open, free, "k")).isEmpty();
            assertThat(shares(open, other, "k")).hasSize(1);
            assertThat(events(open, open.owner))
                    .anyMatch(body -> body.contains("escrow.add") && body.contains("\"party\":\"Agency\""))
                    .anyMatch(body -> body.contains("escrow.forbid") && body.contains("refused: CONFLICT"))
                    .anyMatch(body -> body.contains("escrow.remove"))
                    .anyMatch(body -> body.contains("escrow.forbid") && body.contains("\"outcome\":\"ok\""))
                    .anyMatch(body -> body.contains("escrow.add") && body.contains("refused: ACCESS_DENIED"))
                    .hasSize(6);
            assertThat(events(open, open.other)).isEmpty();
        }
    }

    private static boolean forbid(OpenStore open, BucketName bucket) throws IOException {
        open.store.escrows().forbid(OpenStore.ROOT, bucket);
        return true;
    }

    @Test
    void eight_parties_have_envelopes_and_a_ninth_is_refused(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("crowded");
            String key = Recipient.draw().publicKey();
            var escrows = open.store.escrows();
            for (int i = 0; i < 8; i++) {
                var scope = i % 2 == 0 ? new Escrow.Scope.OfBucket(bucket) : new Escrow.Scope.OfTenant("owner");
                escrows.add(OpenStore.ROOT, scope, Party.in("DE", "party " + i), key);
            }
            open.put(bucket, "k", "1");
            assertThat(shares(open, bucket, "k")).hasSize(8);
            for (Escrow.Scope scope : List.of(new Escrow.Scope.OfBucket(bucket), new Escrow.Scope.OfTenant("owner"))) {
                assertRefused(Reason.INVALID_ARGUMENT, () -> escrows.add(OpenStore.ROOT, scope, AGENCY, key));
            }
            open.delete(bucket, "k");
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    @Test
    void what_cannot_be_an_escrow_is_refused(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("refusing");
            var escrows = open.store.escrows();
            var scope = new Escrow.Scope.OfBucket(bucket);
            String key = Recipient.draw().publicKey();
            assertRefused(
                    Reason.INVALID_ARGUMENT,
                    () -> escrows.add(OpenStore.ROOT, scope, new Party("A", Optional.empty()), key));
            assertRefused(Reason.INVALID_ARGUMENT, () -> escrows.add(OpenStore.ROOT, scope, AGENCY, "no key"));
            assertRefused(
                    Reason.NO_SUCH_BUCKET,
                    () -> escrows.add(
                            OpenStore.ROOT, new Escrow.Scope.OfBucket(OpenStore.name("nowhere")), AGENCY, key));
            assertRefused(
                    Reason.NO_SUCH_TENANT,
                    () -> escrows.add(OpenStore.ROOT, new Escrow.Scope.OfTenant("nobody"), AGENCY, key));
            assertRefused(Reason.NO_SUCH_ESCROW, () -> escrows.remove(OpenStore.ROOT, "00"));
            assertThat(escrows.list()).isEmpty();
        }
    }
}
