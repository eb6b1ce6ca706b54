package allod.store;

import allod.keys.Envelope;
import allod.keys.Share;

/**
 * What the row of a share's slot holds where a version's holds its sealed metadata: for which escrow it was made, and the
 * access secret sealed to that party.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ShareRecord(byte[] escrow, byte[] sealedAccessSecret) {
    byte[] encode() {
        return new RowWriter(EscrowRow.ID_BYTES + Share.SEALED_BYTES)
                .raw(escrow)
                .raw(sealedAccessSecret)
                .toBytes();
    }

    /** Of the row of a share. */
    static ShareRecord of(SlotRow row) {
        var record = new RowReader("s", row.sealedMetadata());
        var share = new ShareRecord(record.raw(EscrowRow.ID_BYTES), record.raw(Share.SEALED_BYTES));
        record.end();
        return share;
    }

    /** The share that a row holds. */
    static Share share(SlotRow row) {
        return new Share(new Envelope(row.wrappedCek(), row.commitment()), of(row).sealedAccessSecret);
    }
}
