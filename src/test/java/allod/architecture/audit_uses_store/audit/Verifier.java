package allod.architecture.audit_uses_store.audit;

import allod.architecture.audit_uses_store.store.Rows;

public interface Verifier {
    Rows used();
}
