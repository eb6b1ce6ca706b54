package allod.architecture.audit_reaches_floe.audit;

import allod.architecture.audit_reaches_floe.receipt.Check;

public interface Verifier {
    Check used();
}
