package allod;

import allod.admin.UpkeepAdministration.Rows;
import allod.admin.UpkeepAdministration.Scrub;
import allod.base.Disk;
import allod.base.Problem;
import allod.store.Inspection;
import allod.store.MapReading;
import allod.store.RestoreReport;
import allod.store.ScrubState;
import allod.store.Store;
import allod.store.StoreOpening;
import allod.store.StoreRestore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with the folders of a server that is stopped. Each takes the folders' locks, so that none starts meanwhile. */
public final class Offline {
    private static final Logger LOG = LoggerFactory.getLogger(Offline.class);
    private static final long LOOK_EVERY_MILLIS = 200;

    private Offline() {}

    /**
     * Makes the data folder of the settings, an older copy, usable beside the custody folder as it is.
     *
     * @param how what the operator accepts
     * @throws Problem if a folder cannot be used
     */
    public static RestoreReport restore(Config config, StoreRestore.Accepted how) throws IOException {
        Disk disk = Disk.real();
        InstantSource clock = InstantSource.system();
        var random = new SecureRandom();
        try (var remote = new RemoteCustodians(config.custody(), disk, clock, random)) {
            return StoreRestore.run(Allod.storeSettings(config, remote.all()), disk, clock, random, how);
        }
    }

    /** What a restore from a map in another place would lose; changes nothing. */
    public static RestoreReport lossOf(Config config, Path map) throws IOException {
        Disk disk = Disk.real();
        InstantSource clock = InstantSource.system();
        var random = new SecureRandom();
        try (var remote = new RemoteCustodians(config.custody(), disk, clock, random)) {
            return StoreRestore.lossOf(Allod.storeSettings(config, remote.all()), map, disk, clock, random);
        }
    }

    /** Rows of a map that nobody writes, as {@link allod.admin.UpkeepAdministration#inspect} shows them. */
    public static Rows inspect(Path data, String what, String after, int limit) throws IOException {
        try (MapReading map = MapReading.open(data.resolve("map"), Allod.nativeFolder())) {
            return StoreUpkeep.shown(map.inspection().read(new Inspection.Query(what, after, limit)));
        }
    }

    /**
     * Scrubs to the end, or until the process is told to stop.
     *
     * @param progress told how far it has come, now and then
     * @throws Problem if a folder cannot be used, or a commit failed
     */
    public static Scrub scrub(Config config, OptionalLong bytesPerSecond, boolean anew, Consumer<Scrub> progress)
            throws IOException {
        Disk disk = Disk.real();
        InstantSource clock = InstantSource.system();
        var random = new SecureRandom();
        var fault = new AtomicReference<Throwable>();
        try (var remote = new RemoteCustodians(config.custody(), disk, clock, random);
                Store store =
                        StoreOpening.open(Allod.storeSettings(config, remote.all()), disk, clock, random, fault::set)) {
            var stop = new Thread(() -> store.scrub().stop(), "stop-scrub");
            Runtime.getRuntime().addShutdownHook(stop);
            store.scrub().start(Allod.operator(), bytesPerSecond, anew);
            ScrubState state = store.scrub().state();
            while (state.phase() == ScrubState.Phase.RUNNING && fault.get() == null) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                state = store.scrub().state();
                progress.accept(StoreUpkeep.shown(state));
            }
            if (fault.get() != null) {
                throw new IOException("the scrub stops: a commit failed", fault.get());
            }
            withdraw(stop);
            return StoreUpkeep.shown(state);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the scrub was interrupted; run it again to go on", e);
        }
    }

    /** Where the process is ending already, the hook is what ended the scrub. */
    private static void withdraw(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException ending) {
            LOG.debug("the scrub was told to stop");
        }
    }
}
