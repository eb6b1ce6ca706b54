package allod.architecture.unknown_package.misc;

public interface Thing {}
