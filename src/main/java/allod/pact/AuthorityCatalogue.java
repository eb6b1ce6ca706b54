package allod.pact;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the law, at a date. A jurisdiction that is not in it is unknown, which is not the same as powerless.
 *
 * @param compiled the day for which its entries were found to hold
 * @param entries each jurisdiction once
 */
public record AuthorityCatalogue(String version, LocalDate compiled, List<Authority> entries) {
    /** @throws IllegalArgumentException if a jurisdiction stands twice */
    public AuthorityCatalogue {
        entries = List.copyOf(entries);
        Set<Jurisdiction> seen = new HashSet<>();
        for (Authority entry : entries) {
            if (!seen.add(entry.jurisdiction())) {
                throw new IllegalArgumentException(entry.jurisdiction() + " stands twice");
            }
        }
    }

    /**
     * The law that reaches a party there: of the jurisdiction itself, of the state that it is a part of, and of the
     * unions that the state is a member of, in this order. Empty where nothing is known.
     */
    public List<Authority> reaching(Jurisdiction jurisdiction) {
        List<Authority> found = new ArrayList<>();
        entry(jurisdiction).ifPresent(found::add);
        Jurisdiction state = jurisdiction.state().orElse(jurisdiction);
        if (!state.equals(jurisdiction)) {
            entry(state).ifPresent(found::add);
        }
        entries.stream().filter(entry -> entry.members().contains(state)).forEach(found::add);
        return found;
    }

    /** Whether a jurisdiction, or the state that it is a part of, has an entry of its own. */
    public boolean knows(Jurisdiction jurisdiction) {
        return entry(jurisdiction)
                .or(() -> jurisdiction.state().flatMap(this::entry))
                .isPresent();
    }

    private Optional<Authority> entry(Jurisdiction jurisdiction) {
        return entries.stream()
                .filter(entry -> entry.jurisdiction().equals(jurisdiction))
                .findFirst();
    }
}
