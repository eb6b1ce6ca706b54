/**
 * Keys: what content is encrypted under, who holds the way to it, and how that way is destroyed for good. An object can
 * be read only through a chain of keys: a custodian unwraps the root of a domain's key tree, the tree yields the secret
 * of one slot, the slot opens one {@link allod.keys.Envelope}, and the envelope's content key opens the FLOE stream.
 * Erasing an object takes its slot out of the tree, after which no copy of anything else leads to it.
 *
 * <p>Start at {@link allod.keys.Envelope} for what hangs on a slot, at {@link allod.keys.FloeEncryptor} and
 * {@link allod.keys.FloeRangeReader} for content, at {@code KeyTree} for slots and their erasure, and at
 * {@code ErasableCustodian} for those who hold the root. The words are the field's: key wrapping and erasure as in NIST
 * SP 800-57 and 800-88, key derivation as in RFC 5869, content encryption as in C2SP FLOE.
 *
 * <p>Uses {@code allod.base} and the JDK. Called by {@code store} and, for the key custody that the program is told to
 * use, by {@code Allod}; {@code receipt} uses only its public headers; {@code demo} attacks with it. Knows nothing of
 * buckets, names, rules or requests. Bytes: docs/formats.
 */
@NullMarked
package allod.keys;

import org.jspecify.annotations.NullMarked;
