package allod.architecture.audit_reaches_a_custodian.audit;

import allod.architecture.audit_reaches_a_custodian.receipt.Check;

public interface Verifier {
    Check used();
}
