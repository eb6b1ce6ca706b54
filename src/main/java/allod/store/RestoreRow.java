package allod.store;

/**
 * A restore that was begun and not finished (the single row {@code R}): while it stands nothing is served.
 *
 * @param lossAccepted whether the operator accepted what is lost, so that a repetition need not ask again
 */
record RestoreRow(boolean lossAccepted) {
    byte[] encode() {
        return new RowWriter(2).u8(1).u8(lossAccepted ? 1 : 0).toBytes();
    }

    static RestoreRow decode(byte[] value) {
        var row = new RowReader("R", value).format(1);
        var restore = new RestoreRow(row.flag());
        row.end();
        return restore;
    }
}
