package allod.architecture.audit_reaches_a_custodian.keys;

public interface FileCustodian {}
