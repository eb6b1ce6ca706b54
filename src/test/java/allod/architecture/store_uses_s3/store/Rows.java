package allod.architecture.store_uses_s3.store;

import allod.architecture.store_uses_s3.s3.Router;

public interface Rows {
    Router used();
}
