package allod.architecture.pact_uses_a_library.pact;

import org.slf4j.Logger;

public interface Rule {
    Logger used();
}
