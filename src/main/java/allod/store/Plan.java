package allod.store;

import allod.base.Problem;

/**
 * What a request decides when its turn comes: reads the map as it will stand, stages writes and events, and answers. Runs
 * on the sequencer's thread, so everything costly was done before.
 */
@FunctionalInterface
interface Plan<T> {
    /** @throws Problem to change nothing and leave no event; {@link Transaction#refuse} leaves one */
    T run(Transaction transaction) throws Problem;
}
