package allod.architecture.all_in_order.receipt;

import allod.architecture.all_in_order.keys.PageHeader;

public interface Check {
    PageHeader used();
}
