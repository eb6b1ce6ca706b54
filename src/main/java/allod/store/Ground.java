package allod.store;

import allod.base.Disk;
import allod.store.engine.BlobStore;
import allod.store.engine.FreeSpace;
import allod.store.engine.MetadataEngine;
import java.security.SecureRandom;
import org.slf4j.Logger;

/** What every path of the store stands on. */
record Ground(
        MetadataEngine map,
        BlobStore blobs,
        Disk disk,
        FreeSpace space,
        SlotSecrets secrets,
        Sequencer sequencer,
        SlotReservations reservations,
        ErasureQueue queue,
        ReadTickets tickets,
        EscrowRules escrow,
        TrustedTime time,
        SecureRandom random,
        Logger log) {}
