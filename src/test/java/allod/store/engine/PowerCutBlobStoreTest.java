package allod.store.engine;

import allod.base.Disk;
import allod.base.PowerCutDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The blob store keeps its contract on the disk that forgets, too; many threads at once included. */
final class PowerCutBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path folder = Path.of("unset");

    @Override
    BlobStore open() throws IOException {
        return BlobStore.files(new PowerCutDisk(Disk.real()), folder.resolve("blobs"));
    }
}
