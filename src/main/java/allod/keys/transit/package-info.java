/**
 * The transit secrets engine of OpenBao or HashiCorp Vault as a custodian, over its HTTP API. Start at
 * {@link allod.keys.transit.TransitCustodian}, which says what a key, a version and a trim mean here;
 * {@code TransitKey} holds what must be true of a key each time it is read, {@code TransitHttp} the requests with their
 * limits, {@code Login} the token. The words are the engine's own: key version, {@code min_available_version}, trim.
 *
 * <p>Uses {@code allod.keys}, {@code allod.base}, the JDK's HTTP client and Jackson for the answers' JSON. Made by
 * {@code Allod} from the settings and given to the store as an {@code ErasableCustodian}. See docs/custody.md.
 */
@NullMarked
package allod.keys.transit;

import org.jspecify.annotations.NullMarked;
