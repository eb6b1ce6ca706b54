package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is looked at once a custodian has confirmed that it destroyed all its handles of a domain but one: the custodian's
 * word alone is not believed.
 *
 * @param kept the handle that may live; empty where none may
 */
record Aftermath(ErasableCustodian custodian, Domain domain, Optional<String> kept, InstantSource clock) {
    /** @throws Problem CUSTODIAN_AWAY if the custodian lists another handle than the one kept */
    List<String> requireOnlyTheNewLives() {
        List<String> live = custodian.list(domain);
        if (!live.equals(kept.map(List::of).orElse(List.of()))) {
            throw stillAlive("it lists the handles " + live + " where only " + kept.orElse("none") + " may live");
        }
        return live;
    }

    /** @throws Problem CUSTODIAN_AWAY if the old root's part still opens */
    Evidence evidence(
            RootRecord.Wrap old, byte[] binding, ErasableCustodian.Destruction destruction, List<String> live) {
        String probe = switch (custodian.unwrap(domain, old.handle(), old.wrapped(), binding)) {
            case ErasableCustodian.Unwrapped.Opened(byte[] secret) -> {
                Arrays.fill(secret, (byte) 0);
                throw stillAlive("it still opens what it holds of the old root, under handle " + old.handle());
            }
            case ErasableCustodian.Unwrapped.NoSuchHandle(String answer) -> "unwrap refused: " + answer;
        };
        return new Evidence(
                custodian.id(),
                custodian.kind(),
                old.handle(),
                destruction.assuranceClass(),
                destruction.destroyed().contains(old.handle()) ? destruction.response() : Evidence.FOUND_DESTROYED,
                probe,
                live,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private Problem stillAlive(String how) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The erasure in " + domain + " is not finished.",
                "Custodian " + custodian.id() + " confirmed the destruction, but " + how + ".",
                "No receipt is given; see to the custodian, then the erasure is tried again.");
    }
}
