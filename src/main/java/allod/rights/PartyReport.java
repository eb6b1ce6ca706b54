package allod.rights;

import allod.pact.Authority;
import allod.pact.AuthorityCatalogue;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A party as the answer shows it: its jurisdiction and the law that can reach it. */
final class PartyReport {
    private PartyReport() {}

    static ObjectNode json(Party party, Set<String> roles, AuthorityCatalogue catalogue) {
        ObjectNode json = JsonPages.object().put("name", party.name());
        party.jurisdiction().ifPresent(it -> json.put("jurisdiction", it.code()));
        roles.forEach(json.withArray("roles")::add);
        List<Authority> reaching = party.jurisdiction().map(catalogue::reaching).orElse(List.of());
        ArrayNode powers = json.putArray("powers");
        ArrayNode transfers = json.putArray("transfer");
        for (Authority authority : reaching) {
            powers.add(power(authority));
            transfers.add(transfer(authority));
        }
        json.put("law", law(party, catalogue));
        return json;
    }

    /** One sentence on what is known, so that an empty list is not read as "no power". */
    private static String law(Party party, AuthorityCatalogue catalogue) {
        if (party.jurisdiction().isEmpty()) {
            return "Its jurisdiction is not stated: which powers reach it is not known here.";
        }
        Jurisdiction jurisdiction = party.jurisdiction().get();
        List<Authority> reaching = catalogue.reaching(jurisdiction);
        if (reaching.isEmpty()) {
            return "The catalogue has no entry for " + jurisdiction
                    + ": which powers reach it is not known here, which does not mean that there are none.";
        }
        StringBuilder text = new StringBuilder();
        for (Authority authority : reaching) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(authority.name())
                    .append(": ")
                    .append(authority.compelledDecryption().summary())
                    .append(" [")
                    .append(authority.compelledDecryption().citation())
                    .append("]");
        }
        if (!catalogue.knows(jurisdiction)) {
            text.append(" The law of ").append(jurisdiction).append(" itself is not in the catalogue.");
        }
        return text.toString();
    }

    private static ObjectNode power(Authority authority) {
        Authority.Finding<Authority.Power> finding = authority.compelledDecryption();
        ObjectNode json = JsonPages.object()
                .put("jurisdiction", authority.jurisdiction().code())
                .put("power", YamlFields.spelled(finding.kind()))
                .put("meaning", finding.kind().meaning())
                .put("reaches", authority.reaches().meaning());
        return details(json, finding);
    }

    private static ObjectNode transfer(Authority authority) {
        Authority.Finding<Authority.Transfer> finding = authority.transfer();
        ObjectNode json = JsonPages.object()
                .put("jurisdiction", authority.jurisdiction().code())
                .put("limit", YamlFields.spelled(finding.kind()))
                .put("meaning", finding.kind().meaning());
        return details(json, finding);
    }

    private static ObjectNode details(ObjectNode json, Authority.Finding<?> finding) {
        json.put("status", finding.status().meaning());
        finding.since().ifPresent(since -> json.put("since", since.toString()));
        json.put("summary", finding.summary()).put("citation", finding.citation());
        finding.counterweight().ifPresent(text -> json.put("counterweight", text));
        finding.pending().ifPresent(text -> json.put("pending", text));
        json.put("confidence", YamlFields.spelled(finding.confidence()));
        finding.sources().forEach(json.withArray("sources")::add);
        finding.unsourced().ifPresent(text -> json.put("unsourced", text));
        return json;
    }
}
