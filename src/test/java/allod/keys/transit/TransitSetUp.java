package allod.keys.transit;

import allod.base.Disk;
import allod.keys.CustodianMemory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Custodians as tests use them. */
final class TransitSetUp {
    static final String ID = "vault-eu";

    private TransitSetUp() {}

    /** One whose token stands in the folder's file {@code token} and whose memory stands in the folder. */
    static TransitCustodian custodian(TransitTarget target, String mount, Path folder, boolean noOlderCopies) {
        return custodian(settings(target, mount, folder, noOlderCopies), folder);
    }

    static TransitSettings settings(TransitTarget target, String mount, Path folder, boolean noOlderCopies) {
        return new TransitSettings(
                ID,
                target.address(),
                mount,
                "allod-",
                Optional.empty(),
                new TransitSettings.Credentials.TokenFile(folder.resolve("token")),
                Optional.empty(),
                Duration.ofSeconds(5),
                noOlderCopies);
    }

    static TransitCustodian custodian(TransitSettings settings, Path folder) {
        return new TransitCustodian(
                settings,
                new CustodianMemory(List.of(folder), ID, Disk.real()),
                InstantSource.system(),
                new SecureRandom());
    }
}
