package allod.architecture.audit_reaches_floe.receipt;

public interface FloeHeaders {}
