package allod.store;

import java.util.ArrayList;
import java.util.List;

/**
 * An owner (family {@code T}).
 *
 * @param domains the local numbers of its erasure domains; the first serves events without a bucket
 * @param created order of its creation
 */
record TenantRow(String name, List<Integer> domains, long created) {
    TenantRow with(List<Integer> others) {
        return new TenantRow(name, others, created);
    }

    byte[] encode() {
        var row = new RowWriter(64).u8(1).text(name).u16(domains.size());
        domains.forEach(row::u32);
        return row.u64(created).toBytes();
    }

    static TenantRow decode(byte[] value) {
        var row = new RowReader("T", value).format(1);
        String name = row.text();
        var domains = new ArrayList<Integer>();
        for (int left = row.u16(); left > 0; left--) {
            domains.add(row.u32());
        }
        long created = row.u64();
        row.end();
        return new TenantRow(name, List.copyOf(domains), created);
    }
}
