package allod.store;

import allod.keys.OutstandingShare;
import allod.keys.RootRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The list in a domain's row of what custodians that were away may still hold of its old roots. */
final class StoredShares {
    private static final String OLDER = "this and older generations: ";

    /** Shares of one custodian that are known one by one; what is older is one more, without a wrap. */
    static final int MAX_OF_A_CUSTODIAN = 8;

    private StoredShares() {}

    /**
     * The same, each once. A custodian that always answers late, or lies, would have one more with every erasure: of the
     * oldest only the newest generation is kept. All of them are destroyed at once when it is back; what is lost is the
     * look at each old wrap afterwards.
     */
    static List<OutstandingShare> bounded(List<OutstandingShare> shares) {
        Map<String, List<OutstandingShare>> byCustodian = new LinkedHashMap<>();
        for (OutstandingShare share : shares) {
            List<OutstandingShare> its = byCustodian.computeIfAbsent(share.custodian(), id -> new ArrayList<>());
            if (its.stream().noneMatch(other -> isSame(share, other))) {
                its.add(share);
            }
        }
        return byCustodian.values().stream()
                .flatMap(its -> boundedOfOne(its).stream())
                .toList();
    }

    private static boolean isSame(OutstandingShare one, OutstandingShare other) {
        return one.generation() == other.generation() && one.wrap().equals(other.wrap());
    }

    private static List<OutstandingShare> boundedOfOne(List<OutstandingShare> shares) {
        int over = shares.size() - MAX_OF_A_CUSTODIAN;
        if (over <= 1) {
            return shares;
        }
        List<OutstandingShare> oldest = shares.subList(0, over);
        long newest =
                oldest.stream().mapToLong(OutstandingShare::generation).max().orElseThrow();
        String why = oldest.getLast().why();
        List<OutstandingShare> kept = new ArrayList<>();
        kept.add(new OutstandingShare(
                oldest.getLast().custodian(),
                newest,
                Optional.empty(),
                new byte[0],
                why.startsWith(OLDER) ? why : OLDER + why));
        kept.addAll(shares.subList(over, shares.size()));
        return kept;
    }

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
