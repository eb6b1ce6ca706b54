package allod.store;

/** A part as it stands in the map, and what is sealed of it. */
record StoredPart(int number, byte[] rowBytes, PartRow row, PartRecord record) {
    PartInfo info() {
        return new PartInfo(number, record.md5(), row.size(), Order.time(row.order()), record.checksum());
    }
}
