package allod.architecture.base_uses_log.base;

import allod.architecture.base_uses_log.log.Leaf;

public interface Shared {
    Leaf used();
}
