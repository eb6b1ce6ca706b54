package allod.architecture.log_uses_base.log;

import allod.architecture.log_uses_base.base.Shared;

public interface Leaf {
    Shared used();
}
