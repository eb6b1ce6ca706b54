package allod.architecture.s3_uses_keys.s3;

import allod.architecture.s3_uses_keys.keys.Envelope;

public interface Router {
    Envelope used();
}
