package allod.architecture.all_in_order.base;

public interface Shared {}
