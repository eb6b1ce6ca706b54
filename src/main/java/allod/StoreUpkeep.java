package allod;

import allod.admin.UpkeepAdministration;
import allod.base.Principal;
import allod.store.Backups;
import allod.store.Inspection;
import allod.store.ScrubState;
import allod.store.Store;
import java.time.Instant;
import java.util.OptionalLong;

/** What the administrative socket asks about the upkeep of the data, carried out by the store. */
final class StoreUpkeep implements UpkeepAdministration {
    private final Store store;

    StoreUpkeep(Store store) {
        this.store = store;
    }

    @Override
    public MapCopy beginBackup(Principal actor) {
        Backups.Copy copy = StoreAdministration.carryOut(() -> store.backups().begin(actor));
        return new MapCopy(copy.id(), copy.map(), copy.lease());
    }

    @Override
    public void extendBackup(Principal actor, String id) {
        store.backups().extend(id);
    }

    @Override
    public void endBackup(Principal actor, String id) {
        StoreAdministration.carryOut(() -> {
            store.backups().end(id);
            return true;
        });
    }

    @Override
    public Scrub startScrub(Principal actor, OptionalLong bytesPerSecond, boolean anew) {
        return shown(StoreAdministration.carryOut(() -> store.scrub().start(actor, bytesPerSecond, anew)));
    }

    static Scrub shown(ScrubState state) {
        return new Scrub(
                state.phase().name(),
                state.begun().map(Instant::toString).orElse(""),
                state.rows(),
                state.bytes(),
                state.unchecked(),
                state.damaged(),
                state.damages());
    }

    @Override
    public Scrub scrub(Principal actor) {
        return shown(store.scrub().state());
    }

    @Override
    public Scrub stopScrub(Principal actor) {
        return shown(store.scrub().stop());
    }

    @Override
    public Rows inspect(Principal actor, String what, String after, int limit) {
        return StoreAdministration.carryOut(() -> {
            store.recordInspection(actor, what);
            return shown(store.inspection().read(new Inspection.Query(what, after, limit)));
        });
    }

    static Rows shown(Inspection.Page page) {
        return new Rows(
                page.rows().stream()
                        .map(row -> new Row(row.family(), row.name(), row.key(), row.fields()))
                        .toList(),
                page.next().orElse(""));
    }
}
