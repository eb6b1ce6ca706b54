package allod.keys.pkcs11;

import allod.base.Disk;
import allod.keys.CustodianContract;
import allod.keys.CustodianMemory;
import allod.keys.ErasableCustodian;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class Pkcs11CustodianContractTest extends CustodianContract {
    private @Nullable SoftHsm hsm;
    private @Nullable Pkcs11Custodian custodian;

    @Override
    protected ErasableCustodian open() throws Exception {
        if (hsm == null) {
            hsm = new SoftHsm(folder.resolve("hsm"));
            hsm.token("allod");
        }
        custodian = new Pkcs11Custodian(
                Objects.requireNonNull(hsm).settings("allod", false),
                new CustodianMemory(List.of(folder), "hsm-1", Disk.real()),
                new SecureRandom());
        return custodian;
    }

    @Override
    protected void shut() {
        if (custodian != null) {
            custodian.close();
        }
    }
}
