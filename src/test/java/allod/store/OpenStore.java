package allod.store;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.Principal;
import allod.base.TenantId;
import allod.keys.CustodyLease;
import allod.keys.ErasableCustodian;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A store on real engines in a folder of a test, with two owners and a clock that the test moves. */
final class OpenStore implements AutoCloseable {
    static final Principal ROOT = new Principal("root");
    /** A window in which the background lane never comes by itself during a test. */
    static final Duration NEVER = Duration.ofHours(1);

    final SteppedClock clock;
    final Path folder;
    final Disk disk;
    final Caller owner;
    final Caller other;
    final List<Throwable> faults = new CopyOnWriteArrayList<>();
    final Store store;
    private final Duration window;
    private final List<ErasableCustodian> custodians;
    private final Duration lease;

    private OpenStore(
            Path folder,
            Disk disk,
            Duration window,
            SteppedClock clock,
            List<ErasableCustodian> custodians,
            Duration lease,
            Optional<Instant> reached)
            throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.window = window;
        this.clock = clock;
        this.custodians = custodians;
        this.lease = lease;
        this.store = StoreOpening.open(
                settings(folder, window, custodians, lease, reached),
                disk,
                clock,
                clock::nanos,
                new SecureRandom(),
                faults::add);
        if (store.tenants().list().isEmpty()) {
            store.tenants().add(ROOT, "owner");
            store.tenants().add(ROOT, "other");
        }
        this.owner = caller("owner", 1);
        this.other = caller("other", 2);
    }

    static OpenStore in(Path folder) throws IOException {
        return in(folder, Disk.real(), Duration.ofMillis(50));
    }

    static OpenStore in(Path folder, Disk disk, Duration window) throws IOException {
        return new OpenStore(
                folder, disk, window, new SteppedClock(), List.of(), CustodyLease.LONGEST, Optional.empty());
    }

    /** One that other custodians may hold roots of. */
    static OpenStore with(Path folder, Disk disk, Duration lease, List<ErasableCustodian> custodians)
            throws IOException {
        return new OpenStore(folder, disk, NEVER, new SteppedClock(), custodians, lease, Optional.empty());
    }

    /** Closes the store and opens its folders again. */
    OpenStore reopen() throws IOException {
        return reopen(Optional.empty());
    }

    /** @param reached a time that the operator says has been reached */
    OpenStore reopen(Optional<Instant> reached) throws IOException {
        store.close();
        return new OpenStore(folder, disk, window, clock, custodians, lease, reached);
    }

    static StoreSettings settings(Path folder, Duration window) {
        return settings(folder, window, List.of(), CustodyLease.LONGEST, Optional.empty());
    }

    private static StoreSettings settings(
            Path folder,
            Duration window,
            List<ErasableCustodian> custodians,
            Duration lease,
            Optional<Instant> reached) {
        return new StoreSettings(
                folder.resolve("data"),
                mirrors(folder),
                false,
                custodians,
                lease,
                Optional.of("log.example/test"),
                Duration.ofMillis(50),
                window,
                Duration.ofDays(1),
                0,
                4096,
                16 << 20,
                reached,
                Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "allod-native-test"));
    }

    static Caller caller(String key, int tenant) {
        return new Caller(new TenantId(tenant), ROOT, new AccessKeyId("KEY" + key), "192.0.2.1", "request-" + key);
    }

    /** One custody folder; two where the test made the second. */
    private static List<Path> mirrors(Path folder) {
        Path first = folder.resolve("custody");
        Path second = folder.resolve("custody2");
        return Files.isDirectory(second) ? List.of(first, second) : List.of(first);
    }

    ObjectStore objects() {
        return store.objects();
    }

    Ground ground() {
        return store.parts().ground();
    }

    static BucketName name(String name) {
        return new BucketName(name);
    }

    /** A new bucket of the first owner. */
    BucketName bucket(String name) throws IOException {
        objects().createBucket(owner, name(name));
        return name(name);
    }

    BucketRow row(BucketName name) {
        return BucketRow.decode(java.util.Objects.requireNonNull(ground().map().get(MapKey.bucket(name))));
    }

    static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static ETag etag(byte[] content) {
        return new ETag(md5(content), 0);
    }

    static PutTerms terms(byte[] content, WriteCondition condition) {
        return new PutTerms(
                ObjectMetadata.NONE, etag(content), Optional.empty(), condition, Optional.empty(), ObjectLock.NONE);
    }

    PutAnswer put(BucketName bucket, String key, byte[] content) throws IOException {
        return put(bucket, ObjectKey.of(key), content, WriteCondition.NONE);
    }

    PutAnswer put(BucketName bucket, String key, String content) throws IOException {
        return put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
    }

    PutAnswer put(BucketName bucket, ObjectKey key, byte[] content, WriteCondition condition) throws IOException {
        try (ObjectWriter writer = objects().write(owner, bucket, key)) {
            writer.write(content, 0, content.length);
            return writer.commit(terms(content, condition));
        }
    }

    ReadAnswer.Content open(BucketName bucket, String key) throws IOException {
        return (ReadAnswer.Content) read(bucket, key, ReadRequest.of(ReadRequest.Kind.GET));
    }

    byte[] get(BucketName bucket, String key) throws IOException {
        return get(bucket, key, ReadRequest.of(ReadRequest.Kind.GET));
    }

    ReadAnswer read(BucketName bucket, String key, ReadRequest request) throws IOException {
        return objects().read(owner, bucket, ObjectKey.of(key), request);
    }

    byte[] get(BucketName bucket, String key, ReadRequest request) throws IOException {
        try (var content = (ReadAnswer.Content) read(bucket, key, request)) {
            return bytes(content);
        }
    }

    static byte[] bytes(ReadAnswer.Content content) throws IOException {
        var out = new ByteArrayOutputStream();
        content.transferTo(out::write);
        return out.toByteArray();
    }

    List<DeleteAnswer> delete(BucketName bucket, String... keys) throws IOException {
        List<DeleteTarget> targets = new ArrayList<>();
        for (String key : keys) {
            targets.add(new DeleteTarget(ObjectKey.of(key), WriteCondition.NONE));
        }
        return objects().delete(owner, bucket, targets);
    }

    /** The owner's whole history. */
    List<EventRecord> history() throws IOException {
        return store.parts().history().read(owner.tenant(), 0, Integer.MAX_VALUE);
    }

    static String body(EventRecord event) {
        return new String(event.opened().orElseThrow().body(), StandardCharsets.UTF_8);
    }

    /** Runs requests at the same time, each on its own thread, and gives their answers in order. */
    static <T> List<T> together(List<Callable<T>> requests) throws Exception {
        List<T> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    /** Rows of a family. */
    List<byte[]> keys(Family family) {
        List<byte[]> keys = new ArrayList<>();
        byte[] from = MapKey.family(family);
        try (var cursor = ground().map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }

    int blobs() throws IOException {
        List<Object> found = new ArrayList<>();
        ground().blobs().list(found::add);
        return found.size();
    }

    /** Waits until nothing is queued and no blob waits to be dropped. */
    void drained() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            if (keys(Family.PENDING).isEmpty() && keys(Family.DROPPED_BLOB).isEmpty()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError(
                "the erasure queue did not drain: " + keys(Family.PENDING).size());
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
