package allod.store;

import java.util.Optional;

/** A part as it stands in the map, with what is sealed of it but its key, which {@link PartKeys} opens. */
record StoredPart(int number, byte[] rowBytes, PartRow row, byte[] md5, Optional<String> checksum) {
    PartInfo info() {
        return new PartInfo(number, md5, row.size(), Order.time(row.order()), checksum);
    }
}
