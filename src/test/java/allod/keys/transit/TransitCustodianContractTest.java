package allod.keys.transit;

import allod.keys.CustodianContract;
import allod.keys.ErasableCustodian;
import java.nio.file.Files;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("transit")
class TransitCustodianContractTest extends CustodianContract {
    private static @Nullable TransitTarget target;
    private static String mount = "";
    private static String token = "";

    private @Nullable TransitCustodian custodian;

    @BeforeAll
    static void mount() {
        TransitTarget opened = TransitTarget.named();
        target = opened;
        mount = opened.mount("contract");
        token = opened.token(mount);
    }

    @AfterAll
    static void close() {
        Objects.requireNonNull(target).close();
    }

    @Override
    protected ErasableCustodian open() throws Exception {
        Files.writeString(folder.resolve("token"), token + "\n");
        custodian = TransitSetUp.custodian(Objects.requireNonNull(target), mount, folder, true);
        return custodian;
    }

    @Override
    protected void shut() {
        Objects.requireNonNull(custodian).close();
    }
}
