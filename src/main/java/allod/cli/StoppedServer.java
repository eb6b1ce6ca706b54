package allod.cli;

import allod.base.Problem;
import allod.store.MapReading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The data folder of a server that is stopped, held so that none starts meanwhile; or not held, because one runs. */
record StoppedServer(Optional<AutoCloseable> lock) implements AutoCloseable {
    /** @throws Problem UNUSABLE_FOLDER if there is no map in the folder */
    static StoppedServer of(Path data) throws IOException {
        try {
            return new StoppedServer(Optional.of(MapReading.lock(data)));
        } catch (Problem held) {
            if (!MapReading.isThere(data)) {
                throw held;
            }
            return new StoppedServer(Optional.empty());
        }
    }

    boolean isHeld() {
        return lock.isPresent();
    }

    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            try {
                lock.get().close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("the data folder was not given free", e);
            }
        }
    }
}
