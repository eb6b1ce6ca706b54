package allod.crash;

import allod.admin.AdminClient;
import allod.admin.Administration;
import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.http.Headers;
import allod.log.Checkpoint;
import allod.log.SignedNote;
import allod.receipt.ReceiptId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients at work, each on objects, uploads and buckets of its own, so that each knows what it must find; their requests
 * meet in the server. Every request is in the ledger before it is sent, and every answer once it came.
 */
final class Load implements AutoCloseable {
    /** The bucket that all share, each with keys of its own. */
    static final String SHARED = "shared";

    private static final int WORKERS = 6;
    private static final int KEYS = 8;
    private static final byte[] NOTHING = {};

    private final Ledger ledger;
    private final S3Client s3;
    private final AdminClient admin;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    Load(Ledger ledger, ServerProcess.Addresses addresses, Path data) {
        this.ledger = ledger;
        this.s3 = new S3Client(addresses, ledger.blobsInFlight());
        this.admin = new AdminClient(data);
    }

    private interface Work {
        void once() throws IOException, InterruptedException;
    }

    void start(long seed) {
        run("checkpoints", this::lookAtLog);
        var adminRandom = new SplittableRandom(seed);
        run("admin", () -> administer(adminRandom));
        for (int i = 0; i < WORKERS; i++) {
            var worker = new Worker(i, new SplittableRandom(seed + 31L * (i + 1)));
            run("worker-" + i, worker::once);
        }
    }

    /** Works until no answer comes any more. */
    private void run(String name, Work work) {
        threads.add(Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                while (!stopping.get()) {
                    work.once();
                }
            } catch (IOException | InterruptedException | Problem gone) {
                // The server is gone: what was asked last has no answer.
            } catch (RuntimeException | AssertionError e) {
                ledger.fault(name + ": " + e);
            }
        }));
    }

    private void lookAtLog() throws IOException, InterruptedException {
        s3.checkpoint()
                .ifPresent(note ->
                        ledger.saw(Checkpoint.parse(SignedNote.parse(note).text())));
        Thread.sleep(20);
    }

    private void administer(SplittableRandom random) throws InterruptedException {
        Thread.sleep(random.nextInt(100));
        List<Fate<Boolean>> enabled = ledger.keys().values().stream()
                .filter(key -> key.isCertain() && key.known())
                .toList();
        if (random.nextInt(8) == 0) {
            admin.addTenant("tenant-" + ledger.next());
        } else if (enabled.size() < 3) {
            String id = "AKROUND" + String.format("%013d", ledger.next());
            Fate<Boolean> fate = ledger.key(id);
            fate.asking(true);
            admin.addKey(
                    "default",
                    Optional.empty(),
                    Optional.of(new Administration.KeyPair(
                            new AccessKeyId(id), new Administration.Secret(CrashServer.SECRET_KEY))));
            fate.acknowledged(true);
        } else {
            Fate<Boolean> fate = enabled.get(random.nextInt(enabled.size()));
            fate.asking(false);
            admin.disableKey(new AccessKeyId(fate.name().substring(fate.name().lastIndexOf(' ') + 1)));
            fate.acknowledged(false);
        }
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One client. */
    private final class Worker {
        private final int number;
        private final SplittableRandom random;

        Worker(int number, SplittableRandom random) {
            this.number = number;
            this.random = random;
        }

        void once() throws IOException, InterruptedException {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> put(place(), small());
                case 5, 6 -> put(place(), Content.of(ledger.next(), 33_000 + random.nextInt(200_000)));
                case 7, 8, 9, 10 -> get(place());
                case 11, 12, 13 -> delete(place());
                case 14 -> deleteSeveral();
                case 15 -> startUpload();
                case 16 -> withUpload(this::part);
                case 17 -> withUpload(this::complete);
                case 18 -> withUpload(this::abort);
                default -> ownBucket();
            }
        }

        private Content small() {
            return Content.of(ledger.next(), random.nextInt(6000));
        }

        private Ledger.Place place() {
            return new Ledger.Place(SHARED, "w" + number + "/k" + random.nextInt(KEYS));
        }

        /** Sends a change; a refusal changed nothing, and of a failure on the server's side nothing is known. */
        private <T> Optional<S3Client.Answer> change(
                Fate<T> fate, T wanted, String method, Ledger.Place place, String query, byte[] body)
                throws IOException, InterruptedException {
            fate.asking(wanted);
            S3Client.Answer answer = s3.send(method, place, query, body);
            return settled(fate, wanted, answer, method + " " + place + " " + query);
        }

        private <T> Optional<S3Client.Answer> settled(Fate<T> fate, T wanted, S3Client.Answer answer, String what) {
            if (answer.ok()) {
                fate.acknowledged(wanted);
                return Optional.of(answer);
            }
            if (answer.status() < 500) {
                fate.refused();
                ledger.fault(what + " was refused: " + answer.text());
            } else if (answer.status() != 503) {
                ledger.fault(what + " failed: " + answer.text());
            }
            return Optional.empty();
        }

        private void put(Ledger.Place place, Content content) throws IOException, InterruptedException {
            change(ledger.object(place), Optional.of(content), "PUT", place, "", content.bytes());
        }

        private void get(Ledger.Place place) throws IOException, InterruptedException {
            Fate<Optional<Content>> fate = ledger.object(place);
            S3Client.Answer answer = s3.send("GET", place, "", NOTHING);
            boolean right = !fate.isCertain()
                    || (answer.status() == 404 && fate.known().isEmpty())
                    || (answer.status() == 200
                            && fate.known()
                                    .filter(it -> Arrays.equals(
                                            it.bytes(), answer.response().body()))
                                    .isPresent())
                    || answer.status() == 503;
            if (!right) {
                ledger.fault("GET answered " + answer.status() + " with "
                        + answer.response().body().length + " bytes; " + fate);
            }
        }

        private void delete(Ledger.Place place) throws IOException, InterruptedException {
            Fate<Optional<Content>> fate = ledger.object(place);
            boolean mustBeThere = fate.isCertain() && fate.known().isPresent();
            Optional<S3Client.Answer> answer = change(fate, Optional.empty(), "DELETE", place, "", NOTHING);
            answer.ifPresent(it -> it.header("x-allod-receipt")
                    .flatMap(ReceiptId::parse)
                    .ifPresentOrElse(receipt -> ledger.erased().add(new Ledger.Erased(place, receipt)), () -> {
                        if (mustBeThere) {
                            ledger.fault("a delete of " + place + " erased nothing");
                        }
                    }));
        }

        private void deleteSeveral() throws IOException, InterruptedException {
            List<Ledger.Place> places = new ArrayList<>();
            var xml = new StringBuilder("<Delete>");
            for (int i = 0; i < KEYS; i += 1 + random.nextInt(3)) {
                var place = new Ledger.Place(SHARED, "w" + number + "/k" + i);
                places.add(place);
                xml.append("<Object><Key>").append(place.key()).append("</Key></Object>");
            }
            byte[] body = xml.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
            places.forEach(place -> ledger.object(place).asking(Optional.empty()));
            S3Client.Answer answer = s3.send(
                    "POST",
                    '/' + SHARED,
                    "delete",
                    Headers.builder().add("Content-MD5", md5(body)).build(),
                    body);
            if (answer.ok() && !answer.text().contains("<Error>")) {
                places.forEach(place -> ledger.object(place).acknowledged(Optional.empty()));
            } else if (answer.status() != 503) {
                ledger.fault("DeleteObjects answered " + answer.status() + " " + answer.text());
            }
        }

        private void startUpload() throws IOException, InterruptedException {
            Ledger.Place place = place();
            S3Client.Answer answer = s3.send("POST", place, "uploads", NOTHING);
            if (answer.ok()) {
                String id = answer.element("UploadId");
                ledger.uploads()
                        .put(
                                id,
                                new Ledger.Upload(
                                        place, id, new Fate<>("upload " + id, true), new ConcurrentSkipListMap<>()));
            }
        }

        private interface OnUpload {
            void act(Ledger.Upload upload) throws IOException, InterruptedException;
        }

        private void withUpload(OnUpload action) throws IOException, InterruptedException {
            List<Ledger.Upload> mine = ledger.uploads().values().stream()
                    .filter(upload -> upload.open().isCertain() && upload.open().known())
                    .filter(upload -> upload.place().key().startsWith("w" + number + "/"))
                    .toList();
            if (!mine.isEmpty()) {
                action.act(mine.get(random.nextInt(mine.size())));
            }
        }

        /** Parts of 5 MiB are rare: joined objects have two streams then, else one. */
        private void part(Ledger.Upload upload) throws IOException, InterruptedException {
            boolean large = random.nextInt(20) == 0;
            int part = large ? 1 : 2;
            var content = Content.of(ledger.next(), large ? 5 << 20 : 1 + random.nextInt(100_000));
            // Until it is answered nobody knows which content the part has.
            upload.parts().remove(part);
            S3Client.Answer answer =
                    s3.send("PUT", upload.place(), "partNumber=" + part + "&uploadId=" + upload.id(), content.bytes());
            if (answer.ok()) {
                upload.parts().put(part, new Ledger.Part(answer.header("ETag").orElseThrow(), content));
            }
        }

        private void complete(Ledger.Upload upload) throws IOException, InterruptedException {
            List<Map.Entry<Integer, Ledger.Part>> parts =
                    List.copyOf(upload.parts().entrySet());
            if (parts.isEmpty()) {
                return;
            }
            var body = new StringBuilder("<CompleteMultipartUpload>");
            parts.forEach(part -> body.append("<Part><PartNumber>")
                    .append(part.getKey())
                    .append("</PartNumber><ETag>")
                    .append(part.getValue().etag().replace("\"", "&quot;"))
                    .append("</ETag></Part>"));
            body.append("</CompleteMultipartUpload>");
            upload.open().asking(false);
            Fate<Optional<Content>> fate = ledger.object(upload.place());
            Optional<Content> joined = Optional.of(Content.joined(
                    parts.stream().map(part -> part.getValue().content()).toList()));
            if (change(
                            fate,
                            joined,
                            "POST",
                            upload.place(),
                            "uploadId=" + upload.id(),
                            body.toString().getBytes(StandardCharsets.UTF_8))
                    .isPresent()) {
                upload.open().acknowledged(false);
            }
        }

        private void abort(Ledger.Upload upload) throws IOException, InterruptedException {
            change(upload.open(), false, "DELETE", upload.place(), "uploadId=" + upload.id(), NOTHING);
        }

        /** A bucket of its own comes, holds an object for a moment, and goes. */
        private void ownBucket() throws IOException, InterruptedException {
            String name = "own-" + number + "-" + ledger.next();
            Fate<Boolean> bucket = ledger.bucket(name);
            bucket.asking(true);
            if (settled(bucket, true, s3.bucket("PUT", name), "creating bucket " + name)
                    .isEmpty()) {
                return;
            }
            var place = new Ledger.Place(name, "only");
            put(place, small());
            if (random.nextInt(4) == 0) {
                return;
            }
            delete(place);
            if (ledger.object(place).isCertain()) {
                bucket.asking(false);
                settled(bucket, false, s3.bucket("DELETE", name), "deleting bucket " + name);
            }
        }
    }

    /** Waits for the threads, whose server is gone. */
    @Override
    public void close() {
        stopping.set(true);
        try {
            for (Thread thread : threads) {
                thread.join(20_000);
                if (thread.isAlive()) {
                    ledger.fault(thread.getName() + " still waits for an answer of a dead server");
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        s3.close();
    }
}
