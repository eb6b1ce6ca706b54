/**
 * What the store stands on: an ordered map of byte keys for everything small, and a place for ciphertext by name. Start
 * at {@link allod.store.engine.MetadataEngine} and {@link allod.store.engine.BlobStore}; each is a contract with hidden
 * implementations and one test that runs on all of them. {@link allod.store.engine.FreeSpace} says when content may no
 * longer be written. Knows nothing of keys, buckets, events or rules. Uses {@code base} and RocksDB; called by
 * {@code store}.
 */
@NullMarked
package allod.store.engine;

import org.jspecify.annotations.NullMarked;
