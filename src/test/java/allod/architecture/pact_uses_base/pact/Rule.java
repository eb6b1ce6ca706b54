package allod.architecture.pact_uses_base.pact;

import allod.architecture.pact_uses_base.base.Shared;

public interface Rule {
    Shared used();
}
