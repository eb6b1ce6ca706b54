package allod.architecture.store_uses_cli.store;

import allod.architecture.store_uses_cli.cli.Main;

public interface Rows {
    Main used();
}
