package allod.architecture.audit_reaches_a_custodian.keys;

public interface Evidence {
    FileCustodian used();
}
