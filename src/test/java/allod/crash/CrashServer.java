package allod.crash;

import allod.Allod;
import allod.Config;
import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.PowerCutDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A real server in a process of its own, on a disk that may end it. Arguments: data folder, custody folder, background
 * window, {@code power-cut} or {@code sigkill}, and optionally a fault point and which arrival at it is the last.
 */
final class CrashServer {
    static final String ACCESS_KEY = "AKCRASHSUITE00000001";
    static final String SECRET_KEY = "the-secret-of-the-crash-suite-0000000001";

    /** The exit code after a failed commit or sync. */
    static final int FATAL = 70;

    private CrashServer() {}

    public static void main(String[] args) throws IOException {
        Disk disk = Disk.real();
        if (args[3].equals("power-cut")) {
            disk = new PowerCutDisk(disk);
        }
        if (args.length > 4) {
            disk = FaultPointDisk.halting(disk, FaultPoint.valueOf(args[4]), Integer.parseInt(args[5]));
        }
        Allod server = Allod.start(
                config(Path.of(args[0]), Path.of(args[1]), args[2], "0B"), disk, InstantSource.system(), fault -> {
                    fault.printStackTrace();
                    Runtime.getRuntime().halt(FATAL);
                });
        server.welcome().lines().forEach(System.out::println);
        System.out.println("READY");
        while (System.in.read() >= 0) {
            // Lives until it is killed, or until its parent goes.
        }
        server.close();
    }

    static Config config(Path data, Path custody, String window, String reserve) {
        return Config.load(
                Optional.empty(),
                Map.of("ALLOD_ACCESS_KEY", ACCESS_KEY, "ALLOD_SECRET_KEY", SECRET_KEY),
                Map.of(
                        "data", data.toString(),
                        "custody.paths", custody.toString(),
                        "s3.address", "127.0.0.1:0",
                        "pact.address", "127.0.0.1:0",
                        "log.checkpoint-interval", "100ms",
                        "erase.background-window", window,
                        "space.floor", "16MiB",
                        "space.reserve", reserve,
                        "memory.rocksdb", "32MiB"));
    }
}
