package allod.crash;

import static org.assertj.core.api.Assertions.fail;

import allod.base.FaultPoint;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Round after round on one pair of folders: a server starts in a process of its own, clients work on it, it dies in the
 * way the round says, and {@link Check} holds what is left against what the clients were told. Now and then the folders
 * begin anew, and the first start itself is cut short.
 */
final class CrashRounds {
    private static final int SIGKILLED = 137;
    private static final int ROUNDS_A_FOLDER = 20;

    private final Path base;
    private final long seed;
    private final List<Keepers.Kind> kinds;
    private Path folder;
    private Ledger ledger = new Ledger();
    private @Nullable Keepers keepers;

    /** @param kinds who holds the root: they take turns, a folder each */
    CrashRounds(Path base, long seed, List<Keepers.Kind> kinds) {
        this.base = base;
        this.seed = seed;
        this.kinds = kinds;
        this.folder = base;
    }

    void run(int rounds) throws IOException, InterruptedException {
        try {
            runAll(rounds);
        } finally {
            closeKeepers();
        }
    }

    private Keepers keepers() {
        return Objects.requireNonNull(keepers);
    }

    private void closeKeepers() {
        Keepers open = keepers;
        if (open != null) {
            open.close();
        }
    }

    private void runAll(int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            var random = new SplittableRandom(seed + 1_000_003L * round);
            if (round % ROUNDS_A_FOLDER == 0) {
                beginAnew(round, random);
            }
            Fault fault = Fault.ofRound(round, random);
            describing(round, fault, () -> round(fault, random));
        }
        delete(folder);
    }

    private void beginAnew(int round, SplittableRandom random) throws IOException, InterruptedException {
        if (round > 0) {
            delete(folder);
        }
        folder = Files.createDirectories(base.resolve("rounds-from-" + round));
        delete(folder);
        Files.createDirectories(folder);
        ledger = new Ledger();
        closeKeepers();
        keepers = new Keepers(kinds.get(round / ROUNDS_A_FOLDER % kinds.size()), folder);
        FaultPoint point = random.nextBoolean() ? FaultPoint.COMMIT_DURABLE : FaultPoint.HIGH_WATER_SYNCED;
        Fault fault = Fault.ofFirstStart(point, 1 + random.nextInt(5), random.nextBoolean());
        describing(round, fault, () -> round(fault, random));
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void describing(int round, Fault fault, Step step) {
        try {
            step.run();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            fail(
                    "round " + round + " of seed " + seed + " with " + fault + " and " + keepers
                            + "; the folders are kept in " + folder,
                    e);
        }
    }

    private void round(Fault fault, SplittableRandom random) throws IOException, InterruptedException {
        try (var server = ServerProcess.start(folder, keepers(), fault)) {
            Optional<ServerProcess.Addresses> addresses = server.awaitReady();
            if (addresses.isPresent()) {
                load(server, addresses.get(), fault, random);
            }
            int code = server.awaitEnd();
            if (code != SIGKILLED) {
                fail("the server ended with " + code + "; see " + folder.resolve("server.err"));
            }
        }
        List<String> wrong = new Check(folder, keepers(), ledger).run();
        if (!wrong.isEmpty()) {
            fail(String.join("\n", wrong.subList(0, Math.min(20, wrong.size()))));
        }
    }

    private void load(ServerProcess server, ServerProcess.Addresses addresses, Fault fault, SplittableRandom random)
            throws IOException, InterruptedException {
        try (var load = new Load(ledger, addresses, folder.resolve("data"))) {
            keepers().attach();
            if (sharedBucket(addresses)) {
                load.start(random.nextLong());
            }
            long end = System.nanoTime() + fault.loadMillis() * 1_000_000L;
            while (server.isAlive() && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            server.kill();
        }
    }

    private boolean sharedBucket(ServerProcess.Addresses addresses) throws InterruptedException {
        Fate<Boolean> shared = ledger.bucket(Load.SHARED);
        if (shared.known()) {
            return true;
        }
        try (var s3 = new S3Client(addresses, ledger.blobsInFlight())) {
            shared.asking(true);
            if (s3.bucket("PUT", Load.SHARED).ok()) {
                shared.acknowledged(true);
            }
            return shared.known();
        } catch (IOException gone) {
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path visited, java.io.@org.jspecify.annotations.Nullable IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
