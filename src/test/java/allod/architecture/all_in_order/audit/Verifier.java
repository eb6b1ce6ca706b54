package allod.architecture.all_in_order.audit;

import allod.architecture.all_in_order.receipt.Check;

public interface Verifier {
    Check used();
}
