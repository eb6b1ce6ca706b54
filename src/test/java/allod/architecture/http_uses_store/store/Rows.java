package allod.architecture.http_uses_store.store;

public interface Rows {}
