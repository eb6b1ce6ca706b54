package allod.store.engine;

final class MemoryEngineTest extends MetadataEngineContract {
    @Override
    MetadataEngine open() {
        return MetadataEngine.memory();
    }
}
