package allod.architecture.receipt_uses_an_envelope.receipt;

import allod.architecture.receipt_uses_an_envelope.keys.Envelope;

public interface Check {
    Envelope used();
}
