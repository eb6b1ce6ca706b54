/**
 * A token behind a PKCS#11 module as a custodian: a hardware security module, or SoftHSM for trying it out. Start at
 * {@link allod.keys.pkcs11.Pkcs11Custodian}, which says what a handle is and how it dies; {@code Cryptoki} is the few
 * functions of the module that are called, {@code Token} one token with a session on it. The words are the standard's:
 * module, slot, token, session, object, attribute (PKCS #11 version 2.40).
 *
 * <p>Calls the module through the JDK's foreign function interface, for the reasons in
 * docs/decisions/pkcs11-by-foreign-functions.md. Uses {@code allod.keys}, {@code allod.base} and the JDK. Made by
 * {@code Allod} from the settings. See docs/custody.md.
 */
@NullMarked
package allod.keys.pkcs11;

import org.jspecify.annotations.NullMarked;
