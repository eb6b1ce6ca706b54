/**
 * Administration of a running server over a Unix domain socket, which only the owner of the data folder can open: tenants,
 * users, groups, roles, access keys and escrow. Start at {@link allod.admin.Administration}, the calls there are; AdminServer
 * answers them and AdminClient sends them. Nothing here is reachable over TCP. Uses {@code base}, the parties of {@code pact} and the kinds of identities of {@code store};
 * the store implements the calls; {@code Allod} starts the server and {@code cli} uses the client. The bytes are in
 * docs/formats/admin.md.
 */
@NullMarked
package allod.admin;

import org.jspecify.annotations.NullMarked;
