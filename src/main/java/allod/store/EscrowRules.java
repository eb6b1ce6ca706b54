package allod.store;

import allod.base.TenantId;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which escrows hold for which bucket, in memory as the map has them: what a writer looks at before its commit. Every
 * change counts up an epoch in the map; a commit that finds another epoch than its writer saw makes its envelopes anew, so
 * that each version in the log after an escrow's beginning has its envelope and none after its end has one.
 */
final class EscrowRules {
    /** Most exempt buckets that are shown of an escrow. */
    static final int EXEMPT_SHOWN = 50;

    private final MetadataEngine map;
    private volatile State state;

    private record State(
            long epoch,
            List<EscrowRow> all,
            Map<TenantId, List<EscrowRow>> ofTenant,
            Map<Long, List<EscrowRow>> ofBucket,
            Set<Long> forbidden) {}

    /** What holds for one bucket, as of an epoch. */
    record InForce(long epoch, List<EscrowRow> escrows) {}

    EscrowRules(MetadataEngine map) {
        this.map = map;
        this.state = read();
    }

    private State read() {
        byte[] value = map.get(MapKey.escrowEpoch());
        long epoch = value == null ? 0 : epoch(value);
        List<EscrowRow> all = new ArrayList<>();
        byte[] escrows = MapKey.escrows();
        try (Cursor cursor = map.scan(escrows, MapKey.after(escrows))) {
            while (cursor.next()) {
                byte[] key = cursor.key();
                all.add(EscrowRow.decode(Arrays.copyOfRange(key, escrows.length, key.length), cursor.value()));
            }
        }
        Map<TenantId, List<EscrowRow>> ofTenant = new HashMap<>();
        Map<Long, List<EscrowRow>> ofBucket = new HashMap<>();
        for (EscrowRow row : all) {
            if (row.inForce() && row.ofBucket()) {
                ofBucket.computeIfAbsent(row.bucketId(), id -> new ArrayList<>())
                        .add(row);
            } else if (row.inForce()) {
                ofTenant.computeIfAbsent(row.tenant(), id -> new ArrayList<>()).add(row);
            }
        }
        Set<Long> forbidden = new HashSet<>();
        byte[] forbids = MapKey.escrowForbids();
        try (Cursor cursor = map.scan(forbids, MapKey.after(forbids))) {
            while (cursor.next()) {
                var key = new RowReader("E", cursor.key());
                key.raw(forbids.length);
                forbidden.add(key.u64());
            }
        }
        return new State(epoch, List.copyOf(all), ofTenant, ofBucket, forbidden);
    }

    private static long epoch(byte[] value) {
        var row = new RowReader("E", value).format(1);
        long epoch = row.u64();
        row.end();
        return epoch;
    }

    /** All rows, removed ones included, as the last commit left them. */
    List<EscrowRow> all() {
        return state.all;
    }

    /** Buckets of a tenant that forbid escrow, by name: the first {@link #EXEMPT_SHOWN} of them. */
    List<String> exempt(TenantId tenant) {
        Set<Long> forbidden = state.forbidden;
        List<String> names = new ArrayList<>();
        byte[] from = MapKey.bucketsOf(tenant, "");
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (!forbidden.isEmpty() && names.size() < EXEMPT_SHOWN && cursor.next()) {
                byte[] key = cursor.key();
                var name = new BucketName(
                        new String(key, from.length, key.length - from.length, StandardCharsets.US_ASCII));
                byte[] row = map.get(MapKey.bucket(name));
                if (row != null && forbidden.contains(BucketRow.decode(row).id())) {
                    names.add(name.value());
                }
            }
        }
        return names;
    }

    /** The escrows of a bucket, its own and its tenant's. A bucket that forbids escrow has none. */
    InForce inForce(BucketRow bucket) {
        State now = state;
        boolean nowhere = now.ofTenant.isEmpty() && now.ofBucket.isEmpty();
        if (nowhere || now.forbidden.contains(bucket.id())) {
            return new InForce(now.epoch, List.of());
        }
        return new InForce(
                now.epoch,
                Stream.concat(
                                now.ofTenant.getOrDefault(bucket.owner(), List.of()).stream(),
                                now.ofBucket.getOrDefault(bucket.id(), List.of()).stream())
                        .toList());
    }

    /** Whether nothing about escrow changed since an epoch, as a transaction sees it. */
    static boolean unchanged(Transaction transaction, long epoch) {
        byte[] value = transaction.get(MapKey.escrowEpoch());
        return (value == null ? 0 : epoch(value)) == epoch;
    }

    /** Whether a bucket forbids escrow, as a transaction sees it. */
    static boolean forbidden(Transaction transaction, BucketRow bucket) {
        return transaction.get(MapKey.escrowForbid(bucket.id())) != null;
    }

    /** Says in a transaction that it changes an escrow row or a prohibition. */
    void changing(Transaction transaction) {
        byte[] value = transaction.get(MapKey.escrowEpoch());
        long next = 1 + (value == null ? 0 : epoch(value));
        transaction.put(MapKey.escrowEpoch(), new RowWriter(9).u8(1).u64(next).toBytes());
        transaction.whenDurable(() -> state = read());
    }
}
