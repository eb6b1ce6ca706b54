package allod.admin;

import allod.admin.Administration.AccessKey;
import allod.admin.Administration.KeyPair;
import allod.admin.Administration.Mirror;
import allod.admin.Administration.NewAccessKey;
import allod.admin.Administration.Tenant;
import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls the server of a data folder over its socket, a connection a call. */
public final class AdminClient {
    /** Longest wait for an answer: an erasure may be waiting for its custodian. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path data;

    /** @param data the folder of a running server */
    public AdminClient(Path data) {
        this.data = data;
    }

    /**
     * Makes a tenant.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public Tenant addTenant(String name) {
        return AdminMessages.decodeTenant(call(new AdminRequest.AddTenant(name)));
    }

    /** All tenants, page by page. */
    public List<Tenant> listTenants() {
        var all = new ArrayList<Tenant>();
        List<Tenant> page;
        Optional<TenantId> after = Optional.empty();
        do {
            page = AdminMessages.decodeTenants(call(new AdminRequest.ListTenants(after, Administration.MAX_PAGE)));
            all.addAll(page);
            after = all.isEmpty() ? after : Optional.of(all.getLast().id());
        } while (page.size() == Administration.MAX_PAGE);
        return List.copyOf(all);
    }

    /**
     * Makes an access key; its secret is in this answer and in no later one.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public NewAccessKey addKey(String tenant, Optional<String> user, Optional<KeyPair> chosen) {
        return AdminMessages.decodeNewKey(call(new AdminRequest.AddKey(tenant, user, chosen)));
    }

    /** All keys of a tenant, or of all tenants, page by page. */
    public List<AccessKey> listKeys(Optional<String> tenant) {
        var all = new ArrayList<AccessKey>();
        List<AccessKey> page;
        Optional<AccessKeyId> after = Optional.empty();
        do {
            page = AdminMessages.decodeKeys(call(new AdminRequest.ListKeys(tenant, after, Administration.MAX_PAGE)));
            all.addAll(page);
            after = all.isEmpty() ? after : Optional.of(all.getLast().id());
        } while (page.size() == Administration.MAX_PAGE);
        return List.copyOf(all);
    }

    /**
     * Ends an access key for good.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public AccessKey disableKey(AccessKeyId id) {
        return AdminMessages.decodeKey(call(new AdminRequest.DisableKey(id)));
    }

    /** The mirrors of the custody folder. */
    public List<Mirror> listMirrors() {
        return AdminMessages.decodeMirrors(call(new AdminRequest.ListMirrors()));
    }

    /**
     * Gives up a custody mirror that is missing.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public void forgetMirror(String id) {
        AdminMessages.decodeDone(call(new AdminRequest.ForgetMirror(id)));
    }

    /** The calls about users, groups and roles. */
    public IdentityClient identities() {
        return new IdentityClient(this);
    }

    /** The calls about escrow. */
    public EscrowClient escrow() {
        return new EscrowClient(this);
    }

    /** The calls about who holds keys. */
    public CustodyClient custody() {
        return new CustodyClient(this);
    }

    /** The calls about the upkeep of the data. */
    public UpkeepClient upkeep() {
        return new UpkeepClient(this);
    }

    byte[] call(AdminRequest request) {
        byte[] message = AdminMessages.encode(request);
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(SocketPlace.find(data)))) {
            send(channel, message);
            return Frames.read(channel, Frames.MAX_ANSWER, PATIENCE);
        } catch (IOException e) {
            throw new Problem(
                    Reason.BUSY,
                    "No server answered for the folder " + data + ".",
                    "Its administrative socket could not be used: " + e.getMessage() + ".",
                    "Start it with `allod serve`, or name its folder with --data, as the user who runs it.",
                    e);
        }
    }

    /** A server that is full answers without reading; its answer says so, where the failed write would not. */
    private static void send(SocketChannel channel, byte[] message) throws IOException {
        try {
            Frames.write(channel, message, PATIENCE);
        } catch (IOException e) {
            if (!channel.isOpen()) {
                throw e;
            }
        }
    }
}
