package allod.architecture.audit_reaches_a_custodian.receipt;

import allod.architecture.audit_reaches_a_custodian.keys.Evidence;

public interface Check {
    Evidence used();
}
