package allod;

import allod.base.Disk;
import allod.keys.CustodianMemory;
import allod.keys.ErasableCustodian;
import allod.keys.pkcs11.Pkcs11Custodian;
import allod.keys.transit.TransitCustodian;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The custodians that are set up beside the one in the custody folder; none is asked before the store is open. */
final class RemoteCustodians implements AutoCloseable {
    private final List<ErasableCustodian> all = new ArrayList<>();
    private final List<Runnable> closings = new ArrayList<>();

    RemoteCustodians(Config.Custody custody, Disk disk, InstantSource clock, RandomGenerator random) {
        for (Config.Custodian one : custody.custodians()) {
            var memory = new CustodianMemory(custody.paths(), one.id(), disk);
            switch (one.kind()) {
                case Config.Custodian.Transit(var settings) -> {
                    var custodian = new TransitCustodian(settings, memory, clock, random);
                    all.add(custodian);
                    closings.add(custodian::close);
                }
                case Config.Custodian.Pkcs11(var settings) -> {
                    var custodian = new Pkcs11Custodian(settings, memory, random);
                    all.add(custodian);
                    closings.add(custodian::close);
                }
            }
        }
    }

    /** In the order of their names. */
    List<ErasableCustodian> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }
}
