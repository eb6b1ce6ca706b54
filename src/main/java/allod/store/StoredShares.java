package allod.store;

import allod.keys.OutstandingShare;
import allod.keys.RootRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The list in a domain's row of what custodians that were away may still hold of its old roots. */
final class StoredShares {
    private StoredShares() {}

    static void write(RowWriter row, List<OutstandingShare> shares) {
        row.u16(shares.size());
        for (OutstandingShare share : shares) {
            row.field16(ascii(share.custodian())).u64(share.generation());
            row.u8(share.wrap().isPresent() ? 1 : 0);
            share.wrap()
                    .ifPresent(wrap -> row.field16(ascii(wrap.handle()))
                            .field16(wrap.wrapped())
                            .field16(share.binding()));
            row.field16(share.why().getBytes(StandardCharsets.UTF_8));
        }
    }

    static List<OutstandingShare> read(RowReader row) {
        List<OutstandingShare> shares = new ArrayList<>();
        for (int left = row.u16(); left > 0; left--) {
            String custodian = new String(row.field16(), StandardCharsets.US_ASCII);
            long generation = row.u64();
            Optional<RootRecord.Wrap> wrap = Optional.empty();
            byte[] binding = {};
            if (row.flag()) {
                String handle = new String(row.field16(), StandardCharsets.US_ASCII);
                wrap = Optional.of(new RootRecord.Wrap(custodian, handle, row.field16()));
                binding = row.field16();
            }
            String why = new String(row.field16(), StandardCharsets.UTF_8);
            shares.add(new OutstandingShare(custodian, generation, wrap, binding, why));
        }
        return List.copyOf(shares);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
