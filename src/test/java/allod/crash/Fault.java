package allod.crash;

import allod.base.FaultPoint;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How one round ends its server.
 *
 * @param powerCut whether all that custody and blobs did not sync is lost too
 * @param point the fault point that ends it; empty for a SIGKILL from outside
 * @param occurrence which arrival at the point is the last, from 1
 * @param loadMillis after this long it is killed from outside, also where the point was not reached
 * @param window the background lane's window
 */
record Fault(boolean powerCut, Optional<FaultPoint> point, int occurrence, int loadMillis, String window) {
    /** The faults take turns, so that in 28 rounds each point comes with and without a power cut. */
    static Fault ofRound(int round, RandomGenerator random) {
        FaultPoint[] points = FaultPoint.values();
        boolean outside = round % 3 == 2;
        Optional<FaultPoint> point =
                outside ? Optional.empty() : Optional.of(points[(round - round / 3) % points.length]);
        int most = point.filter(Fault::isFrequent).isPresent() ? 80 : 8;
        return new Fault(
                random.nextBoolean(),
                point,
                1 + random.nextInt(most),
                outside ? 50 + random.nextInt(1000) : 1200,
                random.nextBoolean() ? "200ms" : "1s");
    }

    /** One that comes before there is a load: at the first start of all. */
    static Fault ofFirstStart(FaultPoint point, int occurrence, boolean powerCut) {
        return new Fault(powerCut, Optional.of(point), occurrence, 0, "200ms");
    }

    private static boolean isFrequent(FaultPoint point) {
        return point == FaultPoint.COMMIT_DURABLE || point == FaultPoint.BLOB_SYNCED || point == FaultPoint.ERASE_BEGUN;
    }
}
