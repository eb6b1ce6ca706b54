package allod.architecture.all_in_order.log;

public interface Leaf {}
