package allod.store;

/**
 * A log of this installation (family {@code L}).
 *
 * @param verifierKey the vkey that checks its checkpoints
 * @param signerSlot the slot in the system domain that holds its signing key
 * @param sealedSeed the Ed25519 seed under that slot's key
 * @param closedBy the signed checkpoint after which a restore closed it, empty while it is written
 */
record LogRow(String origin, String verifierKey, long signerSlot, byte[] sealedSeed, String closedBy) {
    boolean isClosed() {
        return !closedBy.isEmpty();
    }

    /** As it is closed for good; the sealed key is left out, as its slot is erased next. */
    LogRow closed(String note) {
        return new LogRow(origin, verifierKey, signerSlot, new byte[0], note);
    }

    byte[] encode() {
        return new RowWriter(256)
                .u8(1)
                .text(origin)
                .text(verifierKey)
                .u64(signerSlot)
                .field16(sealedSeed)
                .text(closedBy)
                .toBytes();
    }

    static LogRow decode(byte[] value) {
        var row = new RowReader("L", value).format(1);
        var log = new LogRow(row.text(), row.text(), row.u64(), row.field16(), row.text());
        row.end();
        return log;
    }
}
