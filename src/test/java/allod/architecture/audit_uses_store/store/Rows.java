package allod.architecture.audit_uses_store.store;

public interface Rows {}
