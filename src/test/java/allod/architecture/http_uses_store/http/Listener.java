package allod.architecture.http_uses_store.http;

import allod.architecture.http_uses_store.store.Rows;

public interface Listener {
    Rows used();
}
