package allod.architecture.s3_uses_rights.s3;

import allod.architecture.s3_uses_rights.rights.Api;

public interface Router {
    Api used();
}
