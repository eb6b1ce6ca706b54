package allod.architecture.attack_uses_store.demo.attack;

import allod.architecture.attack_uses_store.store.Rows;

public interface OldCopyAttack {
    Rows used();
}
