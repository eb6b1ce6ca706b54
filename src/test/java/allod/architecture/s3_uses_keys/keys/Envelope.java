package allod.architecture.s3_uses_keys.keys;

public interface Envelope {}
