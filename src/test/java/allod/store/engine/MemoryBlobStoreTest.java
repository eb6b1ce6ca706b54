package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class MemoryBlobStoreTest extends BlobStoreContract {
    @Override
    BlobStore open() {
        return BlobStore.memory(InstantSource.system());
    }

    @Test
    void a_blob_is_as_old_as_its_commit() throws IOException {
        var blobs = BlobStore.memory(InstantSource.fixed(Instant.EPOCH));
        store(blobs, new byte[1]);
        blobs.list(listed -> assertThat(listed.modified()).isEqualTo(Instant.EPOCH));
    }
}
