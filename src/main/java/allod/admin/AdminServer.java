package allod.admin;

import allod.admin.AdminRequest.AddKey;
import allod.admin.AdminRequest.AddTenant;
import allod.admin.AdminRequest.DisableKey;
import allod.admin.AdminRequest.ForgetMirror;
import allod.admin.AdminRequest.ListKeys;
import allod.admin.AdminRequest.ListMirrors;
import allod.admin.AdminRequest.ListTenants;
import allod.admin.AdminRequest.OfCustody;
import allod.admin.AdminRequest.OfEscrow;
import allod.admin.AdminRequest.OfIdentity;
import allod.admin.AdminRequest.OfUpkeep;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the socket of a data folder, which only the folder's owner can open. The caller's user name, as the kernel
 * tells it, is the actor of every call. The caller of {@link #start} holds the folder's lock, so a socket that is there
 * already was left by a server that was killed.
 */
public final class AdminServer implements AutoCloseable {
    /** Connections served at once; one more is answered BUSY and closed. */
    static final int MAX_CONNECTIONS = 8;

    /** Time for a request to arrive, and for its answer to be taken. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private final Path data;
    private final Path socket;
    private final Administration administration;
    private final Duration deadline;
    private final ServerSocketChannel channel;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private AdminServer(
            Path data, Path socket, Administration administration, Duration deadline, ServerSocketChannel channel) {
        this.data = data;
        this.socket = socket;
        this.administration = administration;
        this.deadline = deadline;
        this.channel = channel;
    }

    /**
     * Opens the socket and answers it until closed.
     *
     * @param data an existing folder, locked by the caller
     * @param runtime where a private folder may be made if the data folder's path is too long for a socket
     * @throws IOException if the socket cannot be made
     */
    public static AdminServer start(Path data, Path runtime, Administration administration) throws IOException {
        return start(data, runtime, administration, DEADLINE);
    }

    static AdminServer start(Path data, Path runtime, Administration administration, Duration deadline)
            throws IOException {
        Path socket = SocketPlace.choose(data, runtime);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(socket), 2 * MAX_CONNECTIONS);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        var server = new AdminServer(data, socket, administration, deadline, channel);
        Thread.ofVirtual().name("admin-accept").start(server::accept);
        return server;
    }

    /** The path of the socket. */
    public Path socket() {
        return socket;
    }

    int freePlaces() {
        return places.availablePermits();
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel connection = channel.accept();
                open.add(connection);
                Thread.ofVirtual().name("admin").start(() -> serve(connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("administration: a connection could not be taken: {}", e.toString());
                pause();
            }
        }
    }

    /** Keeps a failing accept, as when no file handles are left, from taking a whole core. */
    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel connection) {
        boolean placed = places.tryAcquire();
        try (connection) {
            if (placed) {
                Frames.write(connection, answer(connection), deadline);
            } else {
                Frames.write(connection, AdminMessages.encode(busy()), deadline);
            }
        } catch (IOException e) {
            LOG.info("administration: a connection ended early: {}", e.toString());
        } finally {
            open.remove(connection);
            if (placed) {
                places.release();
            }
        }
    }

    private byte[] answer(SocketChannel connection) throws IOException {
        Principal actor = actor(connection);
        byte[] message = Frames.read(connection, Frames.MAX_REQUEST, deadline);
        try {
            return carryOut(actor, AdminMessages.decodeRequest(message));
        } catch (Problem problem) {
            return AdminMessages.encode(problem);
        } catch (RuntimeException e) {
            LOG.error("administration: a call failed", e);
            return AdminMessages.encode(new Problem(
                    Reason.INTERNAL,
                    "The call was not carried out.",
                    "The server met a fault of its own.",
                    "See the server's log."));
        }
    }

    private byte[] carryOut(Principal actor, AdminRequest request) {
        return switch (request) {
            case AddTenant(var name) -> AdminMessages.encodeTenant(administration.addTenant(actor, name));
            case ListTenants(var after, int limit) ->
                AdminMessages.encodeTenants(administration.listTenants(actor, after, limit));
            case AddKey(var tenant, var user, var chosen) ->
                AdminMessages.encodeNewKey(administration.addKey(actor, tenant, user, chosen));
            case ListKeys(var tenant, var after, int limit) ->
                AdminMessages.encodeKeys(administration.listKeys(actor, tenant, after, limit));
            case DisableKey(var id) -> AdminMessages.encodeKey(administration.disableKey(actor, id));
            case OfUpkeep(var upkeep) -> UpkeepMessages.carryOut(administration.upkeep(), actor, upkeep);
            case OfEscrow(var escrow) -> EscrowMessages.carryOut(administration.escrow(), actor, escrow);
            case OfCustody(var custody) -> CustodyMessages.carryOut(administration.custody(), actor, custody);
            case OfIdentity(var identity) -> IdentityMessages.carryOut(administration.identities(), actor, identity);
            case ListMirrors() -> AdminMessages.encodeMirrors(administration.listMirrors(actor));
            case ForgetMirror(var id) -> {
                administration.forgetMirror(actor, id);
                yield AdminMessages.encodeDone();
            }
        };
    }

    /** {@code admin/<user>}, from the kernel; a user name that is no principal's shows as {@code admin/other}. */
    private static Principal actor(SocketChannel connection) throws IOException {
        String user =
                connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        boolean plain = !user.isEmpty() && user.length() <= 100 && user.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return new Principal("admin/" + (plain ? user : "other"));
    }

    private static Problem busy() {
        return new Problem(
                Reason.BUSY,
                "The call was not carried out.",
                "Administration serves at most " + MAX_CONNECTIONS + " connections at once.",
                "Try again.");
    }

    /** Closes the socket and every connection, and removes its file. */
    @Override
    public void close() throws IOException {
        channel.close();
        for (SocketChannel connection : open) {
            connection.close();
        }
        SocketPlace.forget(data);
    }
}
