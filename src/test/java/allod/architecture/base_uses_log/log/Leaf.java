package allod.architecture.base_uses_log.log;

public interface Leaf {}
