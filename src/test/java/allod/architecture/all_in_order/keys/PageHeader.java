package allod.architecture.all_in_order.keys;

import allod.architecture.all_in_order.base.Shared;

public interface PageHeader {
    Shared used();
}
