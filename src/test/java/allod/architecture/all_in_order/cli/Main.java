package allod.architecture.all_in_order.cli;

import allod.architecture.all_in_order.audit.Verifier;

public interface Main {
    Verifier used();
}
