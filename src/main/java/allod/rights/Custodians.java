package allod.rights;

import allod.pact.Party;
import java.util.Map;
import java.util.Optional;

/**
 * Which party stands behind each key: as the operator's configuration states it, which nothing here can check.
 *
 * @param operator who runs this server, and with it the custodian in its custody folder
 * @param named the parties of custodians by id
 */
public record Custodians(Party operator, Map<String, Party> named) {
    public Custodians {
        named = Map.copyOf(named);
    }

    /** Whoever commands the key of a custodian; one that nobody named is a party of its own. */
    Party party(String custodian) {
        return Optional.ofNullable(named.get(custodian))
                .orElseGet(() ->
                        new Party("the custodian " + custodian + ", not named in the settings", Optional.empty()));
    }
}
