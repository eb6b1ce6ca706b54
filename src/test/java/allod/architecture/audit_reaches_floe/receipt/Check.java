package allod.architecture.audit_reaches_floe.receipt;

public interface Check {
    FloeHeaders used();
}
