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
 * A real server in a process of its own, on a disk that may end it. Arguments: data folder, custody folders with commas
 * between, background window, settings file or {@code none}, {@code power-cut} or {@code sigkill}, and optionally a fault
 * point and which arrival at it is the last.
 */
final class CrashServer {
    static final String ACCESS_KEY = "AKCRASHSUITE00000001";
    static final String SECRET_KEY = "the-secret-of-the-crash-suite-0000000001";

    /** The exit code after a failed commit or sync. */
    static final int FATAL = 70;

    private CrashServer() {}

    public static void main(String[] args) throws IOException {
        Disk disk = Disk.real();
        if (args[4].equals("power-cut")) {
            disk = new PowerCutDisk(disk);
        }
        if (args.length > 5) {
            disk = FaultPointDisk.halting(disk, FaultPoint.valueOf(args[5]), Integer.parseInt(args[6]));
        }
        Optional<Path> settings =
                Optional.of(args[3]).filter(file -> !file.equals("none")).map(Path::of);
        Allod server = Allod.start(
                config(settings, Path.of(args[0]), args[1], args[2], "0B"), disk, InstantSource.system(), fault -> {
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
        return config(Optional.empty(), data, custody.toString(), window, reserve);
    }

    private static Config config(Optional<Path> settings, Path data, String custody, String window, String reserve) {
        return Config.load(
                settings,
                Map.of("ALLOD_ACCESS_KEY", ACCESS_KEY, "ALLOD_SECRET_KEY", SECRET_KEY),
                Map.of(
                        "data", data.toString(),
                        "custody.paths", custody,
                        "s3.address", "127.0.0.1:0",
                        "pact.address", "127.0.0.1:0",
                        "log.checkpoint-interval", "100ms",
                        "erase.background-window", window,
                        "space.floor", "16MiB",
                        "space.reserve", reserve,
                        "memory.rocksdb", "32MiB"));
    }
}
