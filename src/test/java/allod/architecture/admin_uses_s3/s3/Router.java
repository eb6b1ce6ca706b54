package allod.architecture.admin_uses_s3.s3;

public interface Router {}
