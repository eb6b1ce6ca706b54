package allod.architecture.admin_uses_s3.admin;

import allod.architecture.admin_uses_s3.s3.Router;

public interface Socket {
    Router used();
}
