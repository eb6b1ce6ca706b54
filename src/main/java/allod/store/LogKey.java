package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.SecretBox;
import allod.log.NoteSigner;
import java.io.IOException;

/** The log's signing key, sealed under a slot of the system's domain. */
final class LogKey {
    private LogKey() {}

    /** The log's row, made at the first start: its signing key stands under a slot of the system's domain. */
    static LogRow row(Ground ground, int log, String origin) throws IOException {
        byte[] existing = ground.map().get(MapKey.log(log));
        if (existing != null) {
            return LogRow.decode(existing);
        }
        byte[] seed = NoteSigner.newSeed(ground.random());
        String verifierKey = NoteSigner.ofLog(origin, seed).verifierKey().toString();
        return ground.sequencer().submit(transaction -> stage(ground, transaction, log, origin, seed, verifierKey));
    }

    /** A new log's row, with its signing key under a slot that was never used. */
    static LogRow stage(
            Ground ground, Transaction transaction, int log, String origin, byte[] seed, String verifierKey) {
        long slot = transaction.allocateSlot(Domains.SYSTEM);
        byte[] secret = ground.secrets()
                .secret(Domains.SYSTEM, slot)
                .orElseThrow(() -> new IllegalStateException("a new slot is erased"));
        byte[] sealed = SecretBox.SECRET.seal(secret, MapKey.log(log), seed, ground.random());
        var row = new LogRow(origin, verifierKey, slot, sealed, "");
        transaction.put(
                MapKey.slot(Domains.SYSTEM, slot), SlotRow.bare(SlotKind.SIGNER).encode());
        transaction.put(MapKey.log(log), row.encode());
        return row;
    }

    /** @throws Problem UNUSABLE_FOLDER if the key was erased */
    static NoteSigner open(Ground ground, int log, LogRow row) {
        byte[] secret = ground.secrets()
                .secret(Domains.SYSTEM, row.signerSlot())
                .orElseThrow(() -> new Problem(
                        Reason.UNUSABLE_FOLDER,
                        "The server was not started.",
                        "The key that signs the log was erased.",
                        "Put the data folder back that belongs to this custody folder."));
        return NoteSigner.ofLog(row.origin(), SecretBox.SECRET.open(secret, MapKey.log(log), row.sealedSeed()));
    }
}
