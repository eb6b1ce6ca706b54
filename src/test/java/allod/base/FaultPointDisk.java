package allod.base;

import java.util.concurrent.atomic.AtomicInteger;

/** Does something at the n-th time a fault point is reached, once: ends the process, or runs a test's hook. */
public final class FaultPointDisk extends WrappedDisk {
    /** The exit code of a process killed by SIGKILL, as a shell shows it. */
    public static final int KILLED = 137;

    private final FaultPoint point;
    private final AtomicInteger left;
    private final Runnable action;

    private FaultPointDisk(Disk below, FaultPoint point, int occurrence, Runnable action) {
        super(below);
        this.point = point;
        this.left = new AtomicInteger(occurrence);
        this.action = action;
    }

    /** Runs the hook on the thread that reaches the point for the n-th time, counted from 1. */
    public static FaultPointDisk running(Disk below, FaultPoint point, int occurrence, Runnable hook) {
        return new FaultPointDisk(below, point, occurrence, hook);
    }

    /** Ends the process at once, without shutdown hooks, when the point is reached for the n-th time, from 1. */
    public static FaultPointDisk halting(Disk below, FaultPoint point, int occurrence) {
        return new FaultPointDisk(
                below, point, occurrence, () -> Runtime.getRuntime().halt(KILLED));
    }

    @Override
    public void reached(FaultPoint reached) {
        super.reached(reached);
        if (reached == point && left.decrementAndGet() == 0) {
            action.run();
        }
    }
}
