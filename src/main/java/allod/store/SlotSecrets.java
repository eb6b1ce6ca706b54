package allod.store;

import allod.base.Problem;
import java.util.Optional;

/** Where the secrets of slots come from: the key trees of the domains. Safe for use by many threads. */
interface SlotSecrets {
    /**
     * The secret of a slot, 32 bytes; empty if the slot was erased.
     *
     * @throws Problem CUSTODIAN_AWAY if the domain cannot be opened now
     */
    Optional<byte[]> secret(int domain, long slot);

    /** For one request that reads many neighbouring slots; not to be kept longer. */
    Reader reader(int domain);

    /**
     * Reads the key pages on the way to a slot anew, past every cache.
     *
     * @throws Problem DAMAGED if one is not the page that its parent names
     */
    void reread(int domain, long slot);

    /**
     * Lets a request use a domain's keys; asked once at its begin, never on the sequencer's thread.
     *
     * @throws Problem CUSTODIAN_AWAY if they may not be used now
     */
    default void admit(int domain) {}

    /**
     * Whether a domain's keys may be used now; asks nobody.
     *
     * @throws Problem CUSTODIAN_AWAY if they may not
     */
    default void requireHeld(int domain) {}

    /** The domain's 16 bytes, to which every key below it is bound. */
    byte[] domainId(int domain);

    /** The secrets of one domain, for one request and one thread. */
    @FunctionalInterface
    interface Reader {
        Optional<byte[]> secret(long slot);
    }
}
