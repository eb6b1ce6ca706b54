package allod.admin;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Custody of nothing but a list of domains: what is asked shows in what is answered. */
final class MemoryCustody implements CustodyAdministration {
    private final List<Domain> domains = new ArrayList<>();
    private final List<Target> drilled = new ArrayList<>();

    MemoryCustody() {
        for (int number = 0; number < MAX_PAGE + 1; number++) {
            domains.add(domain(number, "tenant" + number, Optional.empty(), new Holders(1, List.of("file"))));
        }
    }

    private static Domain domain(int number, String tenant, Optional<String> bucket, Holders holders) {
        return new Domain(
                number,
                tenant,
                bucket.map(List::of).orElse(List.of()),
                1L << 40,
                holders.threshold(),
                holders.custodians().stream()
                        .map(id -> new Holder(id, "transit", "E2", "away: \"no\" answer", false))
                        .toList(),
                number % 2 == 0,
                60_000,
                59_000,
                true,
                List.of(new Outstanding("gone", 7, "it did not answer")),
                false);
    }

    @Override
    public synchronized List<Domain> show(Principal actor, int after, int limit) {
        return domains.stream()
                .filter(domain -> domain.number() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Change attach(Principal actor, Target target, Holders holders) {
        if (holders.custodians().contains("unknown")) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing was attached.",
                    "There is no custodian unknown.",
                    "Name another.");
        }
        return change(target, holders);
    }

    private Change change(Target target, Holders holders) {
        Domain made = domain(domains.size(), target.tenant().orElse("acme"), target.bucket(), holders);
        domains.add(made);
        return new Change(
                made,
                List.of("a note"),
                List.of(new Destroyed("file", "E0", "overwritten", "unwrap refused: no such handle")));
    }

    @Override
    public synchronized Change migrate(Principal actor, Target target, Holders holders) {
        return change(target, holders);
    }

    @Override
    public synchronized Change rotate(Principal actor, Target target) {
        return change(target, new Holders(1, List.of("file")));
    }

    @Override
    public synchronized Drill beginDrill(Principal actor, Target target) {
        drilled.add(target);
        return new Drill(drilled.size(), false, "opened", 1000);
    }

    @Override
    public Drill lookAtDrill(Principal actor, int domain) {
        return new Drill(domain, true, "refused", 1000);
    }

    @Override
    public DrillEnd endDrill(Principal actor, int domain) {
        return new DrillEnd(domain, 1L << 33, true, "opened", "refused", "opened", -1);
    }

    @Override
    public byte[] drillEvidence(Principal actor, int domain, long end) {
        return ("{\"events\":[],\"end\":" + end + "}").getBytes(StandardCharsets.UTF_8);
    }
}
