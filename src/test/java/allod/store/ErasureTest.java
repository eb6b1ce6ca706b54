package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.FailingDisk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.receipt.ErasureReason;
import allod.receipt.Receipt;
import allod.receipt.ReceiptId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {
    private static ReceiptId receipt(DeleteAnswer answer) {
        return ((DeleteAnswer.Erased) answer).receipt();
    }

    private static long slotOf(OpenStore open, BucketName bucket, String key) {
        byte[] row = open.ground().map().get(MapKey.current(open.row(bucket).id(), ObjectKey.of(key)));
        return NameRow.decode(java.util.Objects.requireNonNull(row)).slot();
    }

    private static void assertErased(OpenStore open, BucketName bucket, long slot) {
        int domain = open.row(bucket).domain();
        assertThat(open.ground().secrets().secret(domain, slot)).isEmpty();
        assertThat(open.ground().map().get(MapKey.slot(domain, slot))).isNull();
    }

    @Test
    void one_domains_damaged_key_page_holds_up_the_erasures_of_no_other(@TempDir Path folder) throws Exception {
        int damaged;
        int whole;
        long slot;
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName mine = open.bucket("damaged");
            BucketName others = OpenStore.name("whole");
            open.objects().createBucket(open.other, others);
            damaged = open.row(mine).domain();
            whole = open.row(others).domain();
            open.put(mine, "first", "gone");
            open.delete(mine, "first");
            open.put(mine, "k", "old");
            open.put(mine, "k", "new");
            overwrite(open, others, "old");
            slot = slotOf(open, others, "k");
            overwrite(open, others, "new");
            byte[] page = MapKey.page(damaged, 0, 0);
            assertThat(open.ground().map().get(page)).isNotNull();
            open.ground().sequencer().submit(transaction -> {
                transaction.put(page, new byte[100]);
                return true;
            });
        }
        try (OpenStore open = OpenStore.in(folder, Disk.real(), Duration.ofMillis(50))) {
            for (int i = 0;
                    i < 1000 && open.ground().secrets().secret(whole, slot).isPresent();
                    i++) {
                Thread.sleep(10);
            }
            assertThat(open.ground().secrets().secret(whole, slot)).isEmpty();
            assertThat(open.keys(Family.PENDING))
                    .as("what cannot be erased waits")
                    .isNotEmpty();
            assertThat(open.faults).isEmpty();
        }
    }

    private static void overwrite(OpenStore open, BucketName bucket, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (ObjectWriter writer = open.objects().write(open.other, bucket, ObjectKey.of("k"))) {
            writer.write(bytes, 0, bytes.length);
            writer.commit(OpenStore.terms(bytes, WriteCondition.NONE));
        }
    }

    @Test
    void slots_of_this_runs_writers_are_no_orphans_of_the_run_before(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("held");
            List<SlotReservations.Range> left = OrphanedSlots.left(open.ground().map());
            byte[] content = {1, 2, 3};
            try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of("late"))) {
                writer.write(content, 0, content.length);
                // As where custodians come back after writers came.
                OrphanedSlots.queue(open.ground(), left, domain -> true);
                assertThat(open.keys(Family.PENDING)).isEmpty();
                writer.commit(OpenStore.terms(content, WriteCondition.NONE));
            }
            assertThat(open.get(bucket, "late")).isEqualTo(content);
        }
    }

    @Test
    void a_delete_answers_when_key_rows_and_then_blobs_are_gone(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("erasing");
            open.put(bucket, "k", new byte[100_000]);
            long slot = slotOf(open, bucket, "k");
            assertThat(open.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
            assertErased(open, bucket, slot);
            assertThat(open.keys(Family.PENDING)).isEmpty();
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "k"));
            open.drained();
            assertThat(open.blobs()).isZero();
            assertThat(open.delete(bucket, "k")).containsExactly(new DeleteAnswer.Nothing());
        }
    }

    @Test
    void a_delete_takes_the_overwrites_of_its_key_with_it(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("layers");
            List<Long> slots = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                open.put(bucket, "k", "version " + i);
                slots.add(slotOf(open, bucket, "k"));
            }
            open.put(bucket, "neighbour", "1");
            long waiting = slotOf(open, bucket, "neighbour");
            open.put(bucket, "neighbour", "2");
            open.delete(bucket, "k");
            slots.forEach(slot -> assertErased(open, bucket, slot));
            assertThat(open.ground().secrets().secret(open.row(bucket).domain(), waiting))
                    .isPresent();
            List<Receipts.Summary> receipts = open.store.receipts().list(open.owner, Optional.empty(), 10);
            assertThat(receipts).hasSize(4);
            assertThat(receipts.stream().map(r -> r.id().generation()).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void a_key_with_very_many_waiting_overwrites_is_erased_in_several_commits_and_answered_after_all(
            @TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("layered");
            open.put(bucket, "k", "content");
            open.put(bucket, "neighbour", "1");
            open.put(bucket, "neighbour", "2");
            BucketRow row = open.row(bucket);
            int waiting = 2 * Erasures.FORWARD_AT_ONCE + 1;
            var pending = new PendingRow(ErasureReason.OVERWRITTEN, false, 0, 0, "request", "layered", List.of());
            open.ground().sequencer().submit(transaction -> {
                for (int i = 0; i < waiting; i++) {
                    long slot = transaction.allocateSlot(row.domain());
                    open.ground()
                            .queue()
                            .add(
                                    transaction,
                                    row.domain(),
                                    row.id(),
                                    ObjectKey.of("k").bytes(),
                                    slot,
                                    pending);
                }
                return true;
            });
            assertThat(open.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
            assertThat(open.keys(Family.PENDING)).hasSize(1);
            Map<Long, Long> byRound = open.keys(Family.RECEIPT).stream()
                    .map(key -> ByteBuffer.wrap(key, 5, 12))
                    .collect(Collectors.groupingBy(ByteBuffer::getLong, Collectors.counting()));
            long batches = byRound.size();
            assertThat(byRound.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(waiting + 1 + batches);
            assertThat(byRound.values())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(rows -> rows <= 2 + Erasures.FORWARD_AT_ONCE);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void who_waits_for_an_erasure_when_the_server_stops_is_told_so(@TempDir Path folder) throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Disk disk = FaultPointDisk.running(Disk.real(), FaultPoint.ERASE_INTENT, 1, () -> {
            begun.countDown();
            await(goOn);
        });
        OpenStore open = OpenStore.in(folder, disk, OpenStore.NEVER);
        BucketName bucket = open.bucket("stopping");
        open.put(bucket, "k", "content");
        open.put(bucket, "later", "content");
        var answer = new CompletableFuture<Problem>();
        Thread.ofVirtual().start(() -> {
            try {
                open.delete(bucket, "k");
                answer.completeExceptionally(new AssertionError("it was erased"));
            } catch (Problem refused) {
                answer.complete(refused);
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        begun.await();
        open.store.stopping(Duration.ZERO);
        assertThat(answer.get().reason()).isEqualTo(Reason.BUSY);
        assertThat(answer.get()).hasMessageContaining("stopping");
        assertRefused(Reason.BUSY, () -> open.delete(bucket, "later"));
        goOn.countDown();
        try (OpenStore again = open.reopen()) {
            assertThat(again.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Nothing.class);
            assertRefused(Reason.NO_SUCH_KEY, () -> again.get(bucket, "later"));
        }
    }

    @Test
    void a_delete_of_what_only_waits_answers_when_that_is_gone(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("waiting");
            try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of("k"))) {
                writer.write(new byte[10], 0, 10);
            }
            assertThat(open.keys(Family.PENDING)).hasSize(1);
            assertThat(open.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
            assertThat(open.keys(Family.PENDING)).isEmpty();
        }
    }

    @Test
    void the_keys_of_a_request_are_erased_in_one_batch_in_their_order(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("many");
            List<Callable<PutAnswer>> puts = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String key = "k" + i;
                puts.add(() -> open.put(bucket, key, key));
            }
            OpenStore.together(puts);
            List<Callable<List<DeleteAnswer>>> requests = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                String[] keys = new String[102];
                for (int i = 0; i < 100; i++) {
                    keys[i] = "k" + (100 * r + 99 - i);
                }
                keys[100] = keys[0];
                keys[101] = "absent" + r;
                requests.add(() -> open.delete(bucket, keys));
            }
            for (List<DeleteAnswer> answers : OpenStore.together(requests)) {
                ReceiptId first = receipt(answers.getFirst());
                for (int i = 0; i < 100; i++) {
                    assertThat(receipt(answers.get(i)))
                            .isEqualTo(new ReceiptId(first.domain(), first.generation(), first.ordinal() + i));
                }
                assertThat(answers.get(100)).isEqualTo(answers.get(0));
                assertThat(answers.get(101)).isEqualTo(new DeleteAnswer.Nothing());
            }
        }
    }

    @Test
    void a_condition_refuses_one_key_and_not_its_neighbours(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("refusing");
            open.put(bucket, "a", "a");
            open.put(bucket, "b", "b");
            var wrong = new WriteCondition(false, Optional.of(OpenStore.etag(new byte[1])), false);
            var right =
                    new WriteCondition(false, Optional.of(OpenStore.etag("b".getBytes(StandardCharsets.UTF_8))), false);
            List<DeleteAnswer> answers = open.objects()
                    .delete(
                            open.owner,
                            bucket,
                            List.of(
                                    new DeleteTarget(ObjectKey.of("a"), wrong),
                                    new DeleteTarget(ObjectKey.of("b"), right)));
            assertThat(answers.get(0))
                    .isInstanceOfSatisfying(
                            DeleteAnswer.Refused.class,
                            refused -> assertThat(refused.problem().reason()).isEqualTo(Reason.PRECONDITION_FAILED));
            assertThat(answers.get(1)).isInstanceOf(DeleteAnswer.Erased.class);
            assertThat(open.get(bucket, "a")).asString().isEqualTo("a");
        }
    }

    @Test
    void a_receipt_verifies_and_reveals_no_neighbour(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = open.bucket("receipts");
            List<String> keys = List.of("apple", "banana", "cherry", "damson", "elder");
            for (String key : keys) {
                open.put(bucket, key, new byte[key.length() * 20_000]);
            }
            List<DeleteAnswer> answers = open.delete(bucket, keys.toArray(String[]::new));
            for (int i = 0; i < keys.size(); i++) {
                ReceiptId id = receipt(answers.get(i));
                Receipt receipt = open.store.receipts().fetch(open.owner, id);
                byte[] file = receipt.encode();
                assertThat(StoreReceipts.check(open, file)).isInstanceOf(allod.receipt.Outcome.Holds.class);
                assertThat(receipt.item().key()).asString().isEqualTo(keys.get(i));
                assertThat(receipt.item().sizeBytes()).isEqualTo(keys.get(i).length() * 20_000L);
                assertThat(receipt.item().floeHash()).isPresent();
                for (String other : keys) {
                    String encoded =
                            java.util.Base64.getEncoder().encodeToString(other.getBytes(StandardCharsets.UTF_8));
                    if (!other.equals(keys.get(i))) {
                        assertThat(new String(file, StandardCharsets.UTF_8)).doesNotContain(other, encoded);
                    }
                }
                assertRefused(
                        Reason.NO_SUCH_RECEIPT, () -> open.store.receipts().fetch(open.other, id));
            }
            ReceiptId last = receipt(answers.getLast());
            assertRefused(
                    Reason.NO_SUCH_RECEIPT,
                    () -> open.store
                            .receipts()
                            .fetch(open.owner, new ReceiptId(last.domain(), last.generation(), last.ordinal() + 1)));
            assertThat(open.store.receipts().list(open.other, Optional.empty(), 10))
                    .isEmpty();
            for (int limit = 1; limit <= 6; limit++) {
                assertThat(listed(open, limit)).hasSize(5).isSorted();
            }
        }
    }

    private static List<ReceiptId> listed(OpenStore open, int limit) throws IOException {
        List<ReceiptId> ids = new ArrayList<>();
        Optional<ReceiptId> after = Optional.empty();
        List<Receipts.Summary> page;
        do {
            page = open.store.receipts().list(open.owner, after, limit);
            page.forEach(summary -> ids.add(summary.id()));
            after = page.isEmpty() ? after : Optional.of(page.getLast().id());
        } while (!page.isEmpty());
        return ids;
    }

    @Test
    void a_retry_during_an_outage_is_never_told_that_the_key_is_gone(@TempDir Path folder) throws Exception {
        Files.createDirectory(folder.resolve("custody2"));
        var disk = new FailingDisk(Disk.real());
        OpenStore open = OpenStore.in(folder, disk, OpenStore.NEVER);
        BucketName bucket = open.bucket("outage");
        open.put(bucket, "k", "content");
        long slot = slotOf(open, bucket, "k");
        disk.failAfter(FailingDisk.Operation.WRITE, 0, path -> path.startsWith(folder.resolve("custody2")));
        for (int i = 0; i < 2; i++) {
            assertRefused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "k"));
        }
        disk.heal();
        try (OpenStore again = open.reopen()) {
            // The start goes on with the erasure at once, so the retry may find it done.
            assertThat(again.delete(bucket, "k").getFirst()).isNotInstanceOf(DeleteAnswer.Refused.class);
            assertErased(again, bucket, slot);
            assertThat(again.keys(Family.PENDING)).isEmpty();
        }
    }

    @Test
    void a_retry_in_a_suspended_bucket_is_never_told_that_the_null_version_is_gone(@TempDir Path folder)
            throws Exception {
        Files.createDirectory(folder.resolve("custody2"));
        var disk = new FailingDisk(Disk.real());
        OpenStore open = OpenStore.in(folder, disk, OpenStore.NEVER);
        BucketName bucket = open.bucket("outage");
        open.objects().setVersioning(open.owner, bucket, Versioning.SUSPENDED);
        open.put(bucket, "k", "content");
        long slot = slotOf(open, bucket, "k");
        disk.failAfter(FailingDisk.Operation.WRITE, 0, path -> path.startsWith(folder.resolve("custody2")));
        assertRefused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
        assertRefused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
        var marker = new DeleteTarget(ObjectKey.of("k"), VersionId.NULL);
        assertRefused(Reason.CUSTODIAN_AWAY, () -> open.objects().delete(open.owner, bucket, List.of(marker)));
        assertThat(open.keys(Family.PENDING)).hasSize(1);
        disk.heal();
        try (OpenStore again = open.reopen()) {
            assertThat(again.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Marker.class);
            assertErased(again, bucket, slot);
            assertThat(again.keys(Family.PENDING)).isEmpty();
        }
    }

    @Test
    void a_disabled_access_key_is_erased_and_stays_so(@TempDir Path folder) throws Exception {
        OpenStore open = OpenStore.in(folder);
        var id = new AccessKeyId("AKTEST");
        open.store
                .tenants()
                .addKey(OpenStore.ROOT, new TenantId(1), id, "a secret of the owner".getBytes(StandardCharsets.UTF_8));
        assertThat(open.store.tenants().find(id)).isPresent();
        assertThat(open.store.tenants().disableKey(OpenStore.ROOT, id).enabled())
                .isFalse();
        assertThat(open.store.tenants().find(id)).isEmpty();
        byte[] row = java.util.Objects.requireNonNull(open.ground().map().get(MapKey.accessKey(id)));
        long slot = AccessKeyRow.decode(row).slot();
        assertThat(open.ground().secrets().secret(Domains.SYSTEM, slot)).isEmpty();
        assertThat(open.store.tenants().disableKey(OpenStore.ROOT, id).enabled())
                .isFalse();
        assertRefused(
                Reason.ACCESS_KEY_EXISTS,
                () -> open.store.tenants().addKey(OpenStore.ROOT, new TenantId(1), id, new byte[20]));
        assertRefused(
                Reason.NO_SUCH_ACCESS_KEY,
                () -> open.store.tenants().disableKey(OpenStore.ROOT, new AccessKeyId("UNKNOWN")));
        try (OpenStore again = open.reopen()) {
            assertThat(again.store.tenants().find(id)).isEmpty();
            assertThat(again.store.tenants().listKeys())
                    .singleElement()
                    .satisfies(key -> assertThat(key.enabled()).isFalse());
        }
    }

    @Test
    void a_read_that_began_before_an_overwrite_may_finish(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("finishing");
            byte[] first = new byte[200_000];
            new Random(1).nextBytes(first);
            open.put(bucket, "k", first);
            try (ReadAnswer.Content content = open.open(bucket, "k")) {
                open.put(bucket, "k", "second");
                assertThat(OpenStore.bytes(content)).isEqualTo(first);
            }
            assertThat(open.get(bucket, "k")).asString().isEqualTo("second");
        }
    }

    @Test
    void an_erasure_cuts_running_reads_which_gave_right_bytes_only(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("cutting");
            byte[] whole = new byte[1_000_000];
            new Random(2).nextBytes(whole);
            open.put(bucket, "k", whole);
            var given = new ByteArrayOutputStream();
            var deleted = new AtomicBoolean();
            try (ReadAnswer.Content content = open.open(bucket, "k")) {
                assertThatThrownBy(() -> content.transferTo((bytes, offset, length) -> {
                            given.write(bytes, offset, length);
                            if (given.size() > 200_000 && deleted.compareAndSet(false, true)) {
                                open.delete(bucket, "k");
                            }
                        }))
                        .isInstanceOf(ReadTickets.ErasedException.class);
            }
            assertThat(given.size()).isLessThan(whole.length);
            assertThat(given.toByteArray()).isEqualTo(Arrays.copyOf(whole, given.size()));
            List<EventRecord> history = open.history();
            assertThat(OpenStore.body(history.getLast()))
                    .contains("object.get.ended", "\"bytes\":" + given.size(), "aborted");
        }
    }

    /** Readers, writers and deletes of one key at once: a reader meets one of the contents, or none, and never a fault. */
    @Test
    void readers_meet_whole_contents_or_none_while_a_key_is_erased_again_and_again(@TempDir Path folder)
            throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), Duration.ofMillis(5))) {
            BucketName bucket = open.bucket("storm");
            var ended = new AtomicBoolean();
            var cuts = new AtomicInteger();
            var wrong = new AtomicReference<@org.jspecify.annotations.Nullable Throwable>();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(Thread.ofVirtual().start(() -> {
                    while (!ended.get()) {
                        try {
                            byte[] found = open.get(bucket, "k");
                            for (byte b : found) {
                                if (b != found[0]) {
                                    throw new AssertionError("mixed content");
                                }
                            }
                            if (found.length != 1000 && found.length != 80_000) {
                                throw new AssertionError("short content: " + found.length);
                            }
                        } catch (ReadTickets.ErasedException cut) {
                            cuts.incrementAndGet();
                        } catch (Problem refused) {
                            if (refused.reason() != Reason.NO_SUCH_KEY && refused.reason() != Reason.BUSY) {
                                wrong.set(refused);
                            }
                        } catch (IOException | RuntimeException | AssertionError e) {
                            wrong.set(e);
                        }
                    }
                }));
            }
            for (int i = 0; i < 40; i++) {
                byte[] content = new byte[i % 2 == 0 ? 1000 : 80_000];
                Arrays.fill(content, (byte) i);
                open.put(bucket, "k", content);
                if (i % 3 == 0) {
                    open.delete(bucket, "k");
                }
            }
            ended.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(wrong.get()).isNull();
            assertThat(open.faults).isEmpty();
        }
    }

    @Test
    void a_read_whose_version_is_erased_before_its_event_starts_over(@TempDir Path folder) throws Exception {
        var hook = new AtomicReference<Runnable>(() -> {});
        Disk disk = FaultPointDisk.running(
                Disk.real(), FaultPoint.ERASE_INTENT, 1, () -> hook.get().run());
        try (OpenStore open = OpenStore.in(folder, disk, OpenStore.NEVER)) {
            BucketName bucket = open.bucket("overtaken");
            open.put(bucket, "k", "content");
            var seen = new CompletableFuture<Reason>();
            // The round has begun: the object is hidden, its key still stands.
            hook.set(() -> {
                try {
                    open.get(bucket, "k");
                    seen.completeExceptionally(new AssertionError("content was released"));
                } catch (Problem refused) {
                    seen.complete(refused.reason());
                } catch (IOException e) {
                    seen.completeExceptionally(e);
                }
            });
            open.delete(bucket, "k");
            assertThat(seen.get()).isEqualTo(Reason.NO_SUCH_KEY);
        }
    }

    @Test
    void access_and_content_survive_a_restart_and_erasures_do_too(@TempDir Path folder) throws Exception {
        OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER);
        BucketName bucket = open.bucket("restart");
        open.put(bucket, "kept", new byte[70_000]);
        open.put(bucket, "replaced", "1");
        long replaced = slotOf(open, bucket, "replaced");
        open.put(bucket, "replaced", "2");
        open.put(bucket, "gone", "content");
        long gone = slotOf(open, bucket, "gone");
        ReceiptId id = receipt(open.delete(bucket, "gone").getFirst());
        int events = open.history().size();
        Receipt before = open.store.receipts().fetch(open.owner, id);
        open.close();
        try (OpenStore again = OpenStore.in(folder, Disk.real(), Duration.ofMillis(20))) {
            assertThat(again.get(bucket, "kept")).isEqualTo(new byte[70_000]);
            assertThat(again.get(bucket, "replaced")).asString().isEqualTo("2");
            assertErased(again, bucket, gone);
            Receipt after = again.store.receipts().fetch(again.owner, id);
            assertThat(after.item().commitment()).isEqualTo(before.item().commitment());
            assertThat(StoreReceipts.check(again, after.encode())).isInstanceOf(allod.receipt.Outcome.Holds.class);
            assertThat(again.history().size()).isGreaterThan(events);
            again.drained();
            assertErased(again, bucket, replaced);
            byte[] row = java.util.Objects.requireNonNull(again.ground().map().get(MapKey.FORMAT));
            assertThat(FormatRow.decode(row).epoch()).isEqualTo(2);
        }
    }
}
