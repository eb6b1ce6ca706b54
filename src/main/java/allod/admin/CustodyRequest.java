package allod.admin;

import allod.admin.CustodyAdministration.Holders;
import allod.admin.CustodyAdministration.Target;

/** A request about who holds keys. */
sealed interface CustodyRequest {
    record Show(int after, int limit) implements CustodyRequest {}

    record Attach(Target target, Holders holders) implements CustodyRequest {}

    record Migrate(Target target, Holders holders) implements CustodyRequest {}

    record Rotate(Target target) implements CustodyRequest {}

    record BeginDrill(Target target) implements CustodyRequest {}

    record LookAtDrill(int domain) implements CustodyRequest {}

    record EndDrill(int domain) implements CustodyRequest {}

    record DrillEvidence(int domain, long end) implements CustodyRequest {}
}
