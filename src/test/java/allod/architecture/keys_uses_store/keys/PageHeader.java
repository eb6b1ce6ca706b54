package allod.architecture.keys_uses_store.keys;

import allod.architecture.keys_uses_store.store.Rows;

public interface PageHeader {
    Rows used();
}
