package allod.admin;

import allod.admin.EscrowAdministration.Scope;
import allod.pact.Party;
import java.util.Optional;

/** A request about escrow. */
sealed interface EscrowRequest {
    record Add(Scope scope, Party party, String recipient) implements EscrowRequest {}

    record ListAll(Optional<String> after, int limit) implements EscrowRequest {}

    record Remove(String id) implements EscrowRequest {}

    record Forbid(String bucket) implements EscrowRequest {}
}
