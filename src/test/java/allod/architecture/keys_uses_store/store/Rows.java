package allod.architecture.keys_uses_store.store;

public interface Rows {}
