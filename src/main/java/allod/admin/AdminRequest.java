package allod.admin;

import allod.admin.Administration.KeyPair;
import allod.base.AccessKeyId;
import allod.base.TenantId;
import java.util.Optional;

/** What one connection to the socket asks for. */
sealed interface AdminRequest {
    record AddTenant(String name) implements AdminRequest {}

    record ListTenants(Optional<TenantId> after, int limit) implements AdminRequest {}

    record AddKey(String tenant, Optional<String> user, Optional<KeyPair> chosen) implements AdminRequest {}

    record ListKeys(Optional<String> tenant, Optional<AccessKeyId> after, int limit) implements AdminRequest {}

    record DisableKey(AccessKeyId id) implements AdminRequest {}

    record OfEscrow(EscrowRequest request) implements AdminRequest {}

    record OfCustody(CustodyRequest request) implements AdminRequest {}

    record OfIdentity(IdentityRequest request) implements AdminRequest {}

    record ListMirrors() implements AdminRequest {}

    record ForgetMirror(String id) implements AdminRequest {}

    record OfUpkeep(UpkeepRequest upkeep) implements AdminRequest {}
}
