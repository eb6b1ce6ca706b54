package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Reason;
import allod.log.EventLeaf;
import allod.log.Hash;
import allod.log.LogFsck;
import allod.log.LogResource;
import allod.receipt.ReceiptId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static String type(EventRecord event) {
        return OpenStore.body(event).replaceFirst(".*\"type\":\"([a-z.]+)\".*", "$1");
    }

    private static EventClass kind(OpenStore open, EventRecord event) {
        for (EventClass kind : EventClass.values()) {
            int domain = open.store.tenants().firstDomain(open.owner.tenant());
            long day = PeriodKeys.day(event.frame().timeMicros());
            byte[] period = open.ground().map().get(MapKey.period(domain, kind, day));
            if (period == null) {
                continue;
            }
            long slot = new RowReader("P", period).format(1).u64();
            byte[] key = open.ground().secrets().secret(domain, slot).orElseThrow();
            byte[] opening =
                    new allod.log.Commitments.Openings(key, event.frame().origin()).opening(event.index());
            if (java.util.Arrays.equals(opening, event.opened().orElseThrow().opening())) {
                return kind;
            }
        }
        throw new AssertionError("no period opens the event");
    }

    private interface Operation {
        void run() throws Exception;
    }

    /** What the owner's chain gained by an operation: {@code type/CLASS} each. */
    private static List<String> told(OpenStore open, Operation operation) throws Exception {
        int before = open.history().size();
        operation.run();
        List<EventRecord> history = open.history();
        return history.subList(before, history.size()).stream()
                .map(event -> type(event) + "/" + kind(open, event))
                .toList();
    }

    @Test
    void every_operation_is_one_event_of_its_class(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, allod.base.Disk.real(), OpenStore.NEVER)) {
            ObjectStore objects = open.objects();
            BucketName name = OpenStore.name("told");
            ObjectKey key = ObjectKey.of("k");
            ObjectKey absent = ObjectKey.of("absent");
            var get = ReadRequest.of(ReadRequest.Kind.GET);
            var head = ReadRequest.of(ReadRequest.Kind.HEAD);
            var list = new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 10);
            assertThat(told(open, () -> objects.createBucket(open.owner, name)))
                    .containsExactly("bucket.create/CHANGE");
            assertThat(told(
                            open,
                            () -> assertRefused(
                                    Reason.BUCKET_OWNED_BY_CALLER, () -> objects.createBucket(open.owner, name))))
                    .containsExactly("bucket.create/ACCESS");
            assertThat(told(open, () -> objects.bucket(open.owner, name, "bucket.head")))
                    .containsExactly("bucket.head/ACCESS");
            assertThat(told(open, () -> objects.listBuckets(open.owner, "", Optional.empty(), 5)))
                    .containsExactly("bucket.list/ACCESS");
            assertThat(told(open, () -> open.put(name, "k", "1"))).containsExactly("object.put/CHANGE");
            assertThat(told(open, () -> open.put(name, "k", "2"))).containsExactly("object.put/CHANGE");
            assertThat(told(open, () -> open.get(name, "k"))).containsExactly("object.get/ACCESS");
            assertThat(told(open, () -> objects.read(open.owner, name, key, head)))
                    .containsExactly("object.head/ACCESS");
            assertThat(told(
                            open,
                            () -> assertRefused(Reason.NO_SUCH_KEY, () -> objects.read(open.owner, name, absent, get))))
                    .containsExactly("object.get/ACCESS");
            assertThat(told(
                            open,
                            () -> assertRefused(
                                    Reason.PRECONDITION_FAILED,
                                    () -> open.put(
                                            name,
                                            key,
                                            new byte[1],
                                            new WriteCondition(true, Optional.empty(), false)))))
                    .containsExactly("object.put/ACCESS");
            assertThat(told(
                            open,
                            () -> assertRefused(Reason.ACCESS_DENIED, () -> objects.read(open.other, name, key, get))))
                    .containsExactly("object.get/ACCESS");
            assertThat(told(open, () -> objects.list(open.owner, name, list))).containsExactly("object.list/ACCESS");
            assertThat(told(
                            open,
                            () -> assertRefused(Reason.BUCKET_NOT_EMPTY, () -> objects.deleteBucket(open.owner, name))))
                    .containsExactly("bucket.delete/ACCESS");
            assertThat(told(open, () -> open.delete(name, "absent"))).containsExactly("object.delete/ACCESS");
            assertThat(told(open, () -> open.delete(name, "k")))
                    .containsExactly("erase.begin/EVIDENCE", "erase.done/EVIDENCE");
            uploads(open, name, key);
            assertThat(told(open, () -> open.delete(name, "k")))
                    .containsExactly("erase.begin/EVIDENCE", "erase.done/EVIDENCE");
            assertThat(told(open, () -> objects.deleteBucket(open.owner, name)))
                    .containsExactly("bucket.delete/CHANGE");
            List<Receipts.Summary> receipts = new ArrayList<>();
            assertThat(told(open, () -> receipts.addAll(open.store.receipts().list(open.owner, Optional.empty(), 10))))
                    .containsExactly("receipt.list/ACCESS");
            ReceiptId id = receipts.getFirst().id();
            assertThat(told(open, () -> open.store.receipts().fetch(open.owner, id)))
                    .containsExactly("receipt.read/ACCESS");
        }
    }

    private static void uploads(OpenStore open, BucketName name, ObjectKey key) throws Exception {
        ObjectStore objects = open.objects();
        List<UploadId> ids = new ArrayList<>();
        assertThat(told(
                        open,
                        () -> ids.add(
                                objects.createUpload(open.owner, name, key, ObjectMetadata.NONE, Optional.empty()))))
                .containsExactly("upload.create/CHANGE");
        UploadId id = ids.getFirst();
        byte[] part = {1, 2, 3};
        assertThat(told(open, () -> UploadsTest.part(open, objects, name, key, id, 1, part)))
                .containsExactly("upload.part/CHANGE");
        assertThat(told(open, () -> objects.listParts(open.owner, name, key, id, OptionalInt.empty(), 10)))
                .containsExactly("upload.parts/ACCESS");
        var page = new UploadPage.Request(new byte[0], Optional.empty(), Optional.empty(), 10);
        assertThat(told(open, () -> objects.listUploads(open.owner, name, page)))
                .containsExactly("upload.list/ACCESS");
        var wrong = new CompleteRequest(
                List.of(new CompleteRequest.NamedPart(2, "00", Optional.empty())),
                WriteCondition.NONE,
                Optional.empty(),
                OptionalLong.empty());
        assertThat(told(
                        open,
                        () -> assertRefused(
                                Reason.INVALID_PART,
                                () -> objects.completeUpload(open.owner, name, key, id, wrong, UploadsTest.JOINER))))
                .containsExactly("upload.complete/ACCESS");
        assertThat(told(open, () -> UploadsTest.complete(open, objects, name, key, id, List.of(1), List.of(part))))
                .containsExactly("upload.complete/CHANGE");
        assertThat(told(
                        open,
                        () -> assertRefused(
                                Reason.NO_SUCH_UPLOAD, () -> objects.abortUpload(open.owner, name, key, id))))
                .containsExactly("upload.abort/ACCESS");
        UploadId other = objects.createUpload(open.owner, name, key, ObjectMetadata.NONE, Optional.empty());
        assertThat(told(open, () -> objects.abortUpload(open.owner, name, key, other)))
                .containsExactly("upload.abort/CHANGE");
    }

    /** A busy store, then every claim of the history recomputed from its frames against the log's own entries. */
    @Test
    void frames_chain_without_a_gap_and_open_the_leaves_of_the_log(@TempDir Path folder) throws Exception {
        OpenStore open = OpenStore.in(folder);
        BucketName bucket = open.bucket("busy");
        work(open, bucket);
        open.clock.step(Duration.ofDays(1));
        work(open, bucket);
        open.clock.step(Duration.ofDays(-2));
        work(open, bucket);
        open.drained();
        try (OpenStore again = open.reopen()) {
            again.put(bucket, "last", "one");
            for (int tenant = 0; tenant <= 2; tenant++) {
                checkChain(again, new allod.base.TenantId(tenant));
            }
            checkPages(again);
            checkPublicLog(again);
        }
    }

    private static void work(OpenStore open, BucketName bucket) throws Exception {
        List<Callable<Object>> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String key = "k" + i % 7;
            switch (i % 4) {
                case 0, 1 -> requests.add(() -> open.put(bucket, key, "content"));
                case 2 -> requests.add(() -> open.delete(bucket, key));
                default ->
                    requests.add(() ->
                            open.objects().listBuckets(i0(key) ? open.other : open.owner, "", Optional.empty(), 10));
            }
        }
        OpenStore.together(requests);
    }

    private static boolean i0(String key) {
        return key.equals("k0");
    }

    private static void checkChain(OpenStore open, allod.base.TenantId tenant) {
        List<EventRecord> history = open.store.parts().history().read(tenant, 0, Integer.MAX_VALUE);
        var entries = new LogEntries(open.ground().map(), 0);
        Hash previous = Hash.ZERO;
        long seq = 0;
        long time = 0;
        for (EventRecord event : history) {
            assertThat(event.frame().seq()).isEqualTo(++seq);
            assertThat(event.frame().prev()).isEqualTo(previous);
            assertThat(event.frame().timeMicros()).isGreaterThanOrEqualTo(time);
            time = event.frame().timeMicros();
            EventRecord.Opened opened = event.opened().orElseThrow();
            Hash commitment = event.frame().commitment(opened.opening(), opened.body());
            assertThat(entries.entry(event.index())).isEqualTo(EventLeaf.entry(commitment));
            previous = commitment;
        }
        byte[] chain = open.ground().map().get(MapKey.chain(tenant));
        if (chain == null) {
            assertThat(history).isEmpty();
        } else {
            assertThat(ChainRow.decode(chain)).isEqualTo(new ChainRow(seq, previous.bytes()));
        }
    }

    private static void checkPages(OpenStore open) throws IOException {
        List<EventRecord> all = open.history();
        History history = open.store.parts().history();
        for (int after = 0; after <= all.size() + 1; after++) {
            List<EventRecord> page = history.read(open.owner.tenant(), after, 3);
            List<EventRecord> expected = all.subList(Math.min(after, all.size()), Math.min(after + 3, all.size()));
            assertThat(page)
                    .extracting(EventRecord::frame)
                    .isEqualTo(expected.stream().map(EventRecord::frame).toList());
            assertThat(page)
                    .extracting(EventRecord::index)
                    .isEqualTo(expected.stream().map(EventRecord::index).toList());
        }
        assertThat(history.read(open.owner.tenant(), Long.MAX_VALUE, 3)).isEmpty();
    }

    private static void checkPublicLog(OpenStore open) throws Exception {
        long size = open.store.parts().sequencer().state().size();
        assertThat(open.store.log().prove(size - 1)).isPresent();
        for (long index = 0; index < size; index += 17) {
            byte[] entry = new LogEntries(open.ground().map(), 0).entry(index);
            assertThat(open.store.log().prove(index).orElseThrow().includes(entry))
                    .isTrue();
        }
        var report = LogFsck.check(
                (path, most) -> LogResource.parse(path).flatMap(open.store.log()::read), open.store.verifierKey());
        assertThat(report.isConsistent()).as(report.toString()).isTrue();
        assertThat(open.store.log().read(new LogResource.EntryBundle(1L << 30, 256)))
                .isEmpty();
    }

    @Test
    void reading_ones_history_is_one_event_a_minute(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder)) {
            int before = open.history().size();
            for (int i = 0; i < 3; i++) {
                open.store.events(open.owner, 0, 10);
            }
            assertThat(open.history()).hasSize(before + 1);
            open.clock.step(Duration.ofMinutes(1));
            open.store.events(open.owner, 0, 10);
            assertThat(open.history()).hasSize(before + 2);
        }
    }
}
