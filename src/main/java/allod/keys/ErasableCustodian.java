package allod.keys;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Who holds the one key of a domain that can be destroyed: the key, named by a handle, that wraps the key tree's root.
 * An erasure makes a new handle, wraps the new root under it and destroys every other. All that an erasure asks in
 * earnest is asked for many domains at once, so that a round costs one sync or few calls. Safe for use by many threads;
 * erasures of one domain come one after another.
 *
 * <p>Every method throws {@link allod.base.Problem} {@code CUSTODIAN_AWAY} where the custodian does not answer: then
 * nothing is known, and nothing may be concluded. "I have no such key" is an answer, never an absence.
 */
public interface ErasableCustodian {
    /** The custodian's name in this installation; 1 to 128 printable ASCII characters. */
    String id();

    /** The sort of custodian, such as {@code file}. */
    String kind();

    /** What its word is worth that a key is gone. */
    AssuranceClass assuranceClass();

    /** Whether it answers now. */
    Status status();

    /**
     * Checks what must hold before anything is entrusted to this custodian. One that is remote is put to the proof with a
     * key of its own, which no domain uses: made, used, destroyed and seen to be gone. Changes nothing of any domain.
     *
     * @return what the operator should know though it forbids nothing, a sentence each; often empty
     * @throws allod.base.Problem INVALID_ARGUMENT if it must not be used as it is set up, with the reason and what to
     *     change; CUSTODIAN_AWAY if it does not answer
     */
    List<String> examine();

    /**
     * Makes a new key for each domain; all are durable when this returns. The current handle is not touched; a handle
     * left by an abandoned attempt may be.
     *
     * @return the new handles, in the order asked; 1 to 128 printable ASCII characters each
     */
    List<String> prepare(List<Preparation> preparations);

    /** Encrypts a secret of at most 64 bytes under a handle, binding it to {@code aad}. */
    byte[] wrap(Domain domain, String handle, byte[] secret, byte[] aad);

    /**
     * Decrypts what {@link #wrap} made.
     *
     * @throws allod.base.Problem DAMAGED if the handle lives but the bytes are not what it made
     */
    Unwrapped unwrap(Domain domain, String handle, byte[] wrapped, byte[] aad);

    /**
     * Destroys every handle of each domain but the one kept, whichever attempts they came from, and all of them where none
     * is kept; when this returns they are gone for good. Destroying again is allowed and finishes what a crash interrupted.
     *
     * @return an answer for each domain, in the order asked
     */
    List<Destruction> destroyAllBut(List<Keep> keeps);

    /**
     * Destroys every handle of domains that do not exist, left by attempts to make one; when this returns they are gone
     * for good. Asked at start only, when no domain is being made.
     *
     * @param existing the numbers of the domains that exist
     */
    void destroyUnmade(Collection<Integer> existing);

    /** The handles that live for a domain now. */
    List<String> list(Domain domain);

    /**
     * A new handle that is wanted.
     *
     * @param domain whose root it will wrap
     * @param generation of the root it will wrap
     * @param label the attempt's 8 random bytes, part of the handle's name where the custodian can name its keys
     * @param current the handle that must stay; empty for a new domain
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Preparation(Domain domain, long generation, byte[] label, Optional<String> current) {}

    /** The one handle of a domain that stays; empty where none does, as the domain has gone over to others. */
    record Keep(Domain domain, Optional<String> handle) {}

    /**
     * What the custodian answered.
     *
     * @param destroyed handles that lived before and are gone now; empty where a crash came after the destruction
     * @param assuranceClass what this destruction is worth: the custodian's {@link #assuranceClass}, or less where it
     *     shows now that what was stated of it does not hold for this domain
     * @param response in words, for the receipt; at most {@link Evidence#MAX_TEXT} characters
     */
    record Destruction(Domain domain, List<String> destroyed, AssuranceClass assuranceClass, String response) {}

    /** Whether a custodian answers. */
    sealed interface Status {
        record Available() implements Status {}

        record Away(String why) implements Status {}
    }

    /** What came of an unwrap. */
    sealed interface Unwrapped {
        /** The secret; the caller overwrites it after use. */
        @SuppressWarnings("ArrayRecordComponent") // a secret, never compared
        record Opened(byte[] secret) implements Unwrapped {
            @Override
            public String toString() {
                return "opened";
            }
        }

        /** The custodian has no such key, in its own words. */
        record NoSuchHandle(String answer) implements Unwrapped {}
    }
}
