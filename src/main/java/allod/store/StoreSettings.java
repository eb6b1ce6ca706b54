package allod.store;

import allod.keys.ErasableCustodian;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a store is opened with.
 *
 * @param data the folder of the map and the blobs
 * @param custody the mirrors of the custody folder, at least one
 * @param assertedInPlace whether the operator states that the custody disk overwrites in place
 * @param custodians those besides the one in the custody folder; each closed by the caller
 * @param custodyLease how long a domain's keys may be used before its custodians are asked again; 0, or 1 s and more
 * @param origin the log's name; empty for one made of the installation's id. Kept from the first start on
 * @param checkpointInterval how often the log is signed while it grows
 * @param backgroundWindow how long erasures that nobody waits for may gather
 * @param lifecycleDay the length of a day of lifecycle rules
 * @param spaceFloor bytes that stay free: below it content is refused
 * @param spaceReserve bytes set aside in each folder, for deletes when the disk is full
 * @param engineMemory bytes the metadata engine may use
 * @param timeReached a time that the operator says has been reached, where the clock alone is not believed
 * @param nativeFolder where the engine's native library is unpacked to
 */
public record StoreSettings(
        Path data,
        List<Path> custody,
        boolean assertedInPlace,
        List<ErasableCustodian> custodians,
        Duration custodyLease,
        Optional<String> origin,
        Duration checkpointInterval,
        Duration backgroundWindow,
        Duration lifecycleDay,
        long spaceFloor,
        long spaceReserve,
        long engineMemory,
        Optional<Instant> timeReached,
        Path nativeFolder) {
    public StoreSettings {
        custody = List.copyOf(custody);
        custodians = List.copyOf(custodians);
    }
}
