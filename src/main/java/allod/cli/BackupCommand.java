package allod.cli;

import allod.Allod;
import allod.admin.UpkeepAdministration.MapCopy;
import allod.admin.UpkeepClient;
import allod.backup.Backup;
import allod.backup.BackupPlace;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Copies the data folder, of a running server or a stopped one; never custody.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "PLACE", description = "A folder, or s3://BUCKET/PREFIX. What it has is not copied again.")
    private String place = "";

    @Option(names = "--endpoint", paramLabel = "URL", description = "Where the S3 store is (default: AWS).")
    private @Nullable URI endpoint;

    @Option(names = "--verify", description = "Afterwards read all of the backup back and check every file's hash.")
    private boolean verify;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Keep the newest N backups in the place and remove what only older ones need (default: all).")
    private @Nullable Integer keep;

    BackupCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        Path folder = data.folder();
        requireApart(folder);
        OptionalInt stay = kept();
        try (BackupPlace target = BackupPlace.of(place, Optional.ofNullable(endpoint), true);
                StoppedServer stopped = StoppedServer.of(folder)) {
            Backup.Source source = stopped.isHeld()
                    ? new Still(folder)
                    : new Running(data.client().upkeep());
            Backup.Result result = Backup.run(
                    folder,
                    source,
                    target,
                    Allod.nativeFolder(),
                    InstantSource.system(),
                    new SecureRandom(),
                    stay,
                    output::progress);
            long damaged = verify ? Backup.verify(target, result.id(), output::progress) : 0;
            print(result, target, damaged);
            return result.missing().isEmpty() && damaged == 0 ? Exit.DONE : Exit.FAILED;
        }
    }

    private OptionalInt kept() {
        if (keep != null && (keep < 1 || keep > Backup.MAX_KEPT)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No backup was made.",
                    "--keep is " + keep + ".",
                    "Give a number from 1 to " + Backup.MAX_KEPT + ", or leave it out to keep all.");
        }
        return keep == null ? OptionalInt.empty() : OptionalInt.of(keep);
    }

    private void requireApart(Path folder) {
        if (!place.startsWith("s3://")) {
            Path target = Path.of(place).toAbsolutePath().normalize();
            Path source = folder.toAbsolutePath().normalize();
            if (target.startsWith(source) || source.startsWith(target)) {
                throw new Problem(
                        Reason.INVALID_ARGUMENT,
                        "No backup was made.",
                        target + " and the data folder " + source + " lie in one another.",
                        "Name a folder elsewhere, on another disk.");
            }
        }
    }

    private void print(Backup.Result result, BackupPlace target, long damaged) {
        var json = JsonOption.object()
                .put("backup", result.id())
                .put("place", target.toString())
                .put("files", result.files())
                .put("bytes", result.bytes())
                .put("newFiles", result.newFiles())
                .put("newBytes", result.newBytes())
                .put("blobs", result.blobs())
                .put("removed", result.removed())
                .put("damaged", damaged);
        result.missing().forEach(json.putArray("missingBlobs")::add);
        var text = new StringBuilder("Backup " + result.id() + " in " + target + ": " + result.files() + " files, "
                + result.bytes() + " bytes; new are " + result.newFiles() + " files, " + result.newBytes() + " bytes.");
        if (result.removed() > 0) {
            text.append("\n").append(result.removed()).append(" files that only older backups needed were removed.");
        }
        if (!result.missing().isEmpty()) {
            text.append("\nMISSING in the data folder, and so in the backup: blobs ")
                    .append(result.missing());
        }
        if (damaged > 0) {
            text.append("\nDAMAGED in the backup: ").append(damaged).append(" files.");
        }
        if (verify && damaged == 0) {
            text.append("\nAll of it was read back and is whole.");
        }
        text.append("\nThe custody folder is not in it and must not be: see docs/backup.md.");
        output.print(json, text.toString());
    }

    /** The folder of a stopped server, which does not change by itself. */
    private record Still(Path data) implements Backup.Source {
        @Override
        public boolean isRunning() {
            return false;
        }

        @Override
        public Backup.Still hold() {
            return new Backup.Still() {
                @Override
                public Path map() {
                    return data.resolve("map");
                }

                @Override
                public void requireHeld() {}

                @Override
                public void close() {}
            };
        }
    }

    /** A running server, asked over its socket. */
    private record Running(UpkeepClient client) implements Backup.Source {
        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public Backup.Still hold() {
            MapCopy copy = client.beginBackup();
            Thread extending = Thread.ofVirtual().name("backup-extend").start(() -> extend(copy));
            return new Backup.Still() {
                @Override
                public Path map() {
                    return copy.map();
                }

                @Override
                public void requireHeld() {
                    client.extendBackup(copy.id());
                }

                @Override
                public void close() {
                    extending.interrupt();
                    client.endBackup(copy.id());
                }
            };
        }

        /** For as long as this process lives; whether it was in time shows at the end. */
        private void extend(MapCopy copy) {
            try {
                while (true) {
                    Thread.sleep(copy.lease().dividedBy(10));
                    client.extendBackup(copy.id());
                }
            } catch (InterruptedException | Problem over) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
