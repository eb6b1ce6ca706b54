package allod.architecture.receipt_uses_an_envelope.keys;

public interface Envelope {}
