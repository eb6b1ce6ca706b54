package allod.store;

import allod.base.TenantId;
import allod.keys.EscrowKey;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An escrow (family {@code E}): a party that gets an envelope of its own for each new version of a bucket, or of all
 * buckets of a tenant. The row stays after the escrow was removed, for the envelopes that name it.
 *
 * @param id 16 random bytes
 * @param bucketId the bucket, 0 for all of the tenant
 * @param bucket its name at that time, empty for all of the tenant
 * @param party with its jurisdiction
 * @param created order of its creation
 * @param inForce whether new versions get an envelope
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id
record EscrowRow(
        byte[] id,
        TenantId tenant,
        long bucketId,
        String bucket,
        Party party,
        EscrowKey recipient,
        long created,
        boolean inForce) {
    static final int ID_BYTES = 16;

    /** As people and commands name it. */
    String name() {
        return HexFormat.of().formatHex(id);
    }

    boolean ofBucket() {
        return bucketId != 0;
    }

    EscrowRow removed() {
        return new EscrowRow(id, tenant, bucketId, bucket, party, recipient, created, false);
    }

    byte[] encode() {
        return new RowWriter(256)
                .u8(1)
                .u32(tenant.value())
                .u64(bucketId)
                .text(bucket)
                .text(party.name())
                .text(party.jurisdiction().map(Jurisdiction::code).orElse(""))
                .raw(recipient.bytes())
                .u64(created)
                .u8(inForce ? 1 : 0)
                .toBytes();
    }

    static EscrowRow decode(byte[] id, byte[] value) {
        var row = new RowReader("E", value).format(1);
        TenantId tenant = row.tenant();
        long bucketId = row.u64();
        String bucket = row.text();
        String name = row.text();
        String code = row.text();
        Optional<Jurisdiction> jurisdiction =
                code.isEmpty() ? Optional.empty() : Optional.of(row.checked(() -> new Jurisdiction(code)));
        Party party = row.checked(() -> new Party(name, jurisdiction));
        byte[] key = row.raw(EscrowKey.BYTES);
        EscrowKey recipient = row.checked(() -> new EscrowKey(key));
        long created = row.u64();
        boolean inForce = row.flag();
        row.end();
        return new EscrowRow(id, tenant, bucketId, bucket, party, recipient, created, inForce);
    }
}
