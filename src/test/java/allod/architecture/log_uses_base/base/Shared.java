package allod.architecture.log_uses_base.base;

public interface Shared {}
