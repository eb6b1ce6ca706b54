package allod.crash;

import allod.admin.AdminClient;
import allod.admin.CustodyAdministration.Holders;
import allod.admin.CustodyAdministration.Target;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.ErasableCustodian;
import allod.keys.pkcs11.SoftHsm;
import allod.keys.transit.TransitTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who holds the root of the tenant on whose server the rounds work. They live on while the server dies. */
final class Keepers implements AutoCloseable {
    /** Where the root is held. */
    enum Kind {
        FILE,
        MIRRORS,
        TRANSIT,
        PKCS11,
        TWO_OF_THREE;

        boolean hasTransit() {
            return this == TRANSIT || this == TWO_OF_THREE;
        }

        boolean hasToken() {
            return this == PKCS11 || this == TWO_OF_THREE;
        }
    }

    private static final String TOKEN = "allod";

    private final Kind kind;
    private final Path folder;
    private final @Nullable TransitTarget transit;
    private final @Nullable SoftHsm token;
    private final String mount;
    private boolean attached;

    /** @param folder of the data and the custody folder */
    Keepers(Kind kind, Path folder) throws IOException, InterruptedException {
        this.kind = kind;
        this.folder = folder;
        StringBuilder settings = new StringBuilder("custody:\n  custodians:\n");
        if (kind.hasTransit()) {
            TransitTarget target = TransitTarget.standIn();
            transit = target;
            mount = target.mount("allod");
            Path file = Files.writeString(folder.resolve("transit-token"), target.token(mount));
            settings.append("    vault-eu: {kind: transit, address: '%s', mount: %s, token-file: %s}\n"
                    .formatted(target.address(), mount, file));
        } else {
            transit = null;
            mount = "";
        }
        if (kind.hasToken()) {
            SoftHsm hsm = new SoftHsm(folder.resolve("hsm"));
            token = hsm;
            hsm.token(TOKEN);
            Path pin = Files.writeString(folder.resolve("pin"), SoftHsm.PIN);
            settings.append("    hsm-1: {kind: pkcs11, library: %s, token: %s, pin-file: %s}\n"
                    .formatted(hsm.path(), TOKEN, pin));
        } else {
            token = null;
        }
        if (kind.hasTransit() || kind.hasToken()) {
            Files.writeString(folder.resolve("allod.yaml"), settings);
        }
    }

    Optional<Path> settings() {
        return Optional.of(folder.resolve("allod.yaml")).filter(Files::exists);
    }

    List<Path> custody() {
        Path first = folder.resolve("custody");
        return kind == Kind.MIRRORS ? List.of(first, folder.resolve("custody2")) : List.of(first);
    }

    /** What the server finds in its environment besides. */
    Map<String, String> environment() {
        SoftHsm hsm = token;
        return hsm == null
                ? Map.of()
                : Map.of("SOFTHSM2_CONF", hsm.configuration().toString());
    }

    /** For a store that is opened in this process, while no server runs: with the memory that the server's have. */
    List<ErasableCustodian> open() throws IOException {
        List<ErasableCustodian> opened = new ArrayList<>();
        TransitTarget target = transit;
        if (target != null) {
            opened.add(target.custodian(mount, folder, folder.resolve("custody")));
        }
        SoftHsm hsm = token;
        if (hsm != null) {
            opened.add(hsm.custodian(TOKEN, folder.resolve("custody")));
        }
        return opened;
    }

    /** Gives them the tenant's root, unless they have it: a server that dies over this is a round like any other. */
    void attach() {
        if (attached || settings().isEmpty()) {
            return;
        }
        Holders holders = switch (kind) {
            case TRANSIT -> new Holders(1, List.of("vault-eu"));
            case PKCS11 -> new Holders(1, List.of("hsm-1"));
            default -> new Holders(2, List.of("file", "vault-eu", "hsm-1"));
        };
        try {
            new AdminClient(folder.resolve("data"))
                    .custody()
                    .attach(new Target(Optional.of("default"), Optional.empty()), holders);
            attached = true;
        } catch (Problem problem) {
            attached =
                    problem.reason() == Reason.INVALID_ARGUMENT && problem.why().contains("is held by");
        }
    }

    @Override
    public void close() {
        TransitTarget target = transit;
        if (target != null) {
            target.close();
        }
    }

    @Override
    public String toString() {
        return "custody " + kind;
    }
}
