package allod.architecture.store_uses_s3.s3;

public interface Router {}
