package allod.architecture.pact_uses_base.base;

public interface Shared {}
