package allod.keys;

import allod.base.Disk;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One domain with its key tree under some custodians, and a map that holds what the store's would. */
public final class OneDomain implements AutoCloseable {
    private static final int NUMBER = 1;

    private final CustodyFolder custody;
    private final KeyRing ring;
    private final CustodyPlan plan;
    private final MapPages pages = new MapPages();
    private @Nullable KeyRound open;

    /** @param folder where this domain's own custody folder is made */
    public OneDomain(Path folder, List<ErasableCustodian> custodians) {
        custody = CustodyFolder.open(List.of(folder.resolve("ring")), Disk.real(), new SecureRandom());
        ring = new KeyRing(
                custody, new Custodians(custodians), Disk.real(), new SecureRandom(), InstantSource.system(), 100);
        plan = new CustodyPlan(
                custodians.size(),
                custodians.stream().map(ErasableCustodian::id).toList());
    }

    public void create() {
        carryOut(ring.create(NUMBER, plan, pages));
        destroy();
    }

    /** Erases a slot, and gives the evidence of each custodian. */
    public List<Evidence> erase(long slot) {
        begin(slot);
        return destroy();
    }

    /** Erases a slot up to the commit; {@link #destroy} is what is left to do. */
    public void begin(long slot) {
        carryOut(ring.begin(
                List.of(new KeyRing.Request(NUMBER, ring.intend(NUMBER), new long[] {slot}, Optional.empty()))));
    }

    private void carryOut(KeyRound round) {
        round.persist();
        round.changes().forEach(change -> pages.commit(change.changed(), change.dropped()));
        round.committed();
        open = round;
    }

    /** Destroys the old handles of what was begun; may be tried again. */
    public List<Evidence> destroy() {
        return Objects.requireNonNull(
                        Objects.requireNonNull(open).destroyOldHandles().get(NUMBER))
                .evidence();
    }

    public Optional<byte[]> secret(long slot) {
        return ring.domain(NUMBER).slotSecret(slot);
    }

    public Domain domain() {
        return ring.domain(NUMBER).domain();
    }

    public RootRecord root() {
        return ring.domain(NUMBER).root();
    }

    /** Asks the custodians for the root once more, as a start does. */
    public void reopen() {
        ring.open(NUMBER, root(), pages);
    }

    @Override
    public void close() {
        custody.close();
    }
}
