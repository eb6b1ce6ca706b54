package allod.keys;

import allod.base.Disk;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class FileCustodianContractTest extends CustodianContract {
    private @Nullable CustodyFolder custody;

    @Override
    protected ErasableCustodian open() {
        custody = CustodyFolder.open(List.of(folder), Disk.real(), new SecureRandom());
        return new FileCustodian(custody, false, new SecureRandom());
    }

    @Override
    protected void shut() {
        Objects.requireNonNull(custody).close();
    }
}
