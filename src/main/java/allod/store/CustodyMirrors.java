package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.TenantId;
import allod.keys.AssuranceClass;
import allod.keys.CustodyFolder;
import allod.keys.CustodyMirror;
import allod.receipt.SurvivingCopy;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The mirrors of the custody folder, as operators and receipts see them. */
public final class CustodyMirrors {
    private final CustodyFolder custody;
    private final Sequencer sequencer;
    private final InstantSource clock;

    CustodyMirrors(CustodyFolder custody, Sequencer sequencer, InstantSource clock) {
        this.custody = custody;
        this.sequencer = sequencer;
        this.clock = clock;
    }

    /** All that are known of, those missing and those given up included. */
    public List<CustodyMirror> list() {
        return custody.mirrors();
    }

    /**
     * Gives up a mirror that is missing: erasures go on without it, and each receipt names it as a copy that survives,
     * until it was seen again and overwritten. An event of the system's chain, which stands before it takes effect.
     *
     * @throws Problem INVALID_ARGUMENT if there is no such mirror, it is present, or too many were given up
     */
    public void forget(Principal actor, String mirror) throws IOException {
        custody.requireForgettable(mirror);
        byte[] body = EventBody.of("custody.mirror.forget")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("mirror", mirror)
                .outcome("ok")
                .toBytes();
        sequencer.submit(
                transaction -> transaction.append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, body)));
        custody.forget(mirror, clock.instant());
    }

    /** What receipts say of mirrors that were given up. */
    List<SurvivingCopy> survivingCopies() {
        return list().stream()
                .filter(mirror -> mirror.state() == CustodyMirror.State.FORGOTTEN)
                .map(mirror -> new SurvivingCopy(
                        "custody mirror " + mirror.id() + ", given up while it was missing"
                                + mirror.forgotten()
                                        .map(when -> " at " + when.truncatedTo(ChronoUnit.SECONDS))
                                        .orElse("")
                                + " and not seen since; it may hold keys of that time",
                        AssuranceClass.E0))
                .toList();
    }

    /** What an operator must know of them at the start. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (CustodyMirror mirror : list()) {
            String named = "custody mirror " + mirror.id() + " at " + mirror.path();
            switch (mirror.state()) {
                case PRESENT -> {}
                case MISSING ->
                    warnings.add(
                            named + " is missing: " + mirror.why().orElse("") + ". Nothing is erased until it is back"
                                    + " or given up: allod custody mirror forget " + mirror.id());
                case FORGOTTEN ->
                    warnings.add(
                            named + " was given up; receipts name it as a copy that survives until it is seen again");
            }
        }
        return warnings;
    }

    long count(CustodyMirror.State state) {
        return list().stream().filter(mirror -> mirror.state() == state).count();
    }
}
