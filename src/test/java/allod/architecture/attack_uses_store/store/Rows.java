package allod.architecture.attack_uses_store.store;

public interface Rows {}
