package allod.store;

import allod.base.Principal;
import allod.base.TenantId;

/**
 * An access key (family {@code a}).
 *
 * @param slot its slot in the system domain: revoking is erasing it
 * @param sealedSecret the secret under the slot's key
 */
record AccessKeyRow(
        TenantId tenant, Principal principal, boolean enabled, long slot, long created, byte[] sealedSecret) {
    AccessKeyRow disabled() {
        return new AccessKeyRow(tenant, principal, false, slot, created, new byte[0]);
    }

    byte[] encode() {
        return new RowWriter(96)
                .u8(1)
                .u32(tenant.value())
                .text(principal.name())
                .u8(enabled ? 1 : 0)
                .u64(slot)
                .u64(created)
                .field16(sealedSecret)
                .toBytes();
    }

    static AccessKeyRow decode(byte[] value) {
        var row = new RowReader("a", value).format(1);
        TenantId tenant = row.tenant();
        String name = row.text();
        Principal principal = row.checked(() -> new Principal(name));
        var key = new AccessKeyRow(tenant, principal, row.flag(), row.u64(), row.u64(), row.field16());
        row.end();
        return key;
    }
}
