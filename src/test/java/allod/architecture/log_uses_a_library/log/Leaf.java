package allod.architecture.log_uses_a_library.log;

import org.slf4j.Logger;

public interface Leaf {
    Logger used();
}
