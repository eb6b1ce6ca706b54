package allod.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.pact.Authority;
import allod.pact.AuthorityCatalogue;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityFileTest {
    private static final AuthorityCatalogue CATALOGUE = AuthorityFile.bundled();

    private static final String VALID = """
            catalogue: {version: "1", compiled: "2026-01-31"}
            entries:
              - jurisdiction: DE
                name: Germany
                compelled-decryption:
                  power: general-assistance
                  reaches: provider
                  status: in-force
                  since: "2026-01-01"
                  summary: s
                  citation: c
                  confidence: medium
                  sources: []
                  unsourced: all of it
                transfer:
                  limit: none
                  status: in-force
                  summary: s
                  citation: c
                  confidence: high
                  sources: ["https://example.org/law"]
            """;

    private static List<String> codes(String jurisdiction) {
        return CATALOGUE.reaching(new Jurisdiction(jurisdiction)).stream()
                .map(entry -> entry.jurisdiction().code())
                .toList();
    }

    @Test
    void the_bundled_catalogue_keeps_to_its_schema_and_is_dated() {
        assertThat(CATALOGUE.compiled()).isEqualTo("2026-11-23");
        assertThat(CATALOGUE.entries()).hasSize(18);
        Authority france = CATALOGUE.reaching(new Jurisdiction("FR")).getFirst();
        assertThat(france.compelledDecryption().kind()).isEqualTo(Authority.Power.KEY_DISCLOSURE);
        assertThat(france.reaches()).isEqualTo(Authority.Reach.ANYONE);
        assertThat(france.compelledDecryption().citation()).contains("434-15-2");
    }

    @Test
    void nothing_that_has_no_source_is_held_for_certain() {
        for (Authority entry : CATALOGUE.entries()) {
            for (Authority.Finding<?> finding : List.of(entry.compelledDecryption(), entry.transfer())) {
                assertThat(finding.confidence() == Authority.Confidence.HIGH
                                && finding.sources().isEmpty())
                        .as("%s", entry.jurisdiction())
                        .isFalse();
                assertThat(finding.since().filter(CATALOGUE.compiled()::isBefore))
                        .isEmpty();
            }
        }
    }

    @Test
    void a_state_is_reached_by_its_unions_law_and_a_part_by_its_states() {
        assertThat(codes("DE")).containsExactly("DE", "EU");
        assertThat(codes("NL")).containsExactly("EU");
        assertThat(CATALOGUE.knows(new Jurisdiction("NL"))).isFalse();
        assertThat(codes("US-CA")).containsExactly("US");
        assertThat(CATALOGUE.knows(new Jurisdiction("US-CA"))).isTrue();
        assertThat(codes("CH")).containsExactly("CH");
        assertThat(codes("ZZ")).isEmpty();
    }

    @Test
    void what_is_not_known_of_a_party_is_said_and_not_left_empty() {
        var unstated = PartyReport.json(new Party("A", Optional.empty()), Set.of("x"), CATALOGUE);
        assertThat(unstated.path("law").asString()).contains("not stated");
        assertThat(unstated.has("jurisdiction")).isFalse();
        var unknown = PartyReport.json(Party.in("ZZ", "A"), Set.of("x"), CATALOGUE);
        assertThat(unknown.path("law").asString()).contains("does not mean that there are none");
        var member = PartyReport.json(Party.in("NL", "A"), Set.of("x"), CATALOGUE);
        assertThat(member.path("law").asString()).contains("The law of NL itself is not in the catalogue");
        var german = PartyReport.json(Party.in("DE", "A"), Set.of("x"), CATALOGUE);
        assertThat(german.path("powers").get(0).path("power").asString()).isEqualTo("general-assistance");
        assertThat(german.path("transfer").get(1).path("jurisdiction").asString())
                .isEqualTo("EU");
    }

    @Test
    void a_catalogue_that_keeps_to_the_schema_is_read() {
        assertThat(AuthorityFile.read("x.yaml", VALID).entries()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            power: general-assistance     | power: total          | line 6: entry DE, compelled-decryption: power: 'total' is none of
            reaches: provider             | reach: provider       | reaches: it is missing
            since: "2026-01-01"           | since: "2026-02-30"   | line 9: entry DE, compelled-decryption: since: '2026-02-30' is not a date
            unsourced: all of it          | extra: x              | line 14: entry DE, compelled-decryption: extra: there is no such field
            limit: none                   | limit: [none]         | line 16: entry DE, transfer: limit: it is not a text
            confidence: medium            | confidence: high      | line 12: entry DE, compelled-decryption: confidence: without sources
            name: Germany                 | title: Germany        | line 3: entry DE: name: it is missing
            jurisdiction: DE              | jurisdiction: Germany | line 3: entry 1: jurisdiction: 'Germany' is not
            summary: s                    | summary: s\\n      foo: 1 | line 11: entry DE, compelled-decryption: foo: there is no such field
            "https://example.org/law"     | "see the library"     | line 21: entry DE, transfer: sources: 'see the library'
            version: "1",                 | version: "1", x: y,   | line 1: the file, catalogue: x: there is no such field
            entries:                      | jurisdictions:        | entries: it is missing
            catalogue:                    | "catalogue            | not YAML
            """)
    void an_unknown_field_or_value_is_an_error_with_file_entry_and_line(String right, String wrong, String told) {
        String text = VALID.replaceFirst(
                java.util.regex.Pattern.quote(right),
                java.util.regex.Matcher.quoteReplacement(wrong.replace("\\n", "\n")));
        assertThat(text).isNotEqualTo(VALID);
        assertThatThrownBy(() -> AuthorityFile.read("x.yaml", text))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.why())
                                .startsWith("x.yaml, line ")
                                .contains(told));
    }

    @Test
    void what_was_not_checked_against_a_source_is_said() {
        String text = VALID.replace("      unsourced: all of it\n", "");
        assertThatThrownBy(() -> AuthorityFile.read("x.yaml", text))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.why()).contains("has no sources and does not say so"));
    }

    @Test
    void a_jurisdiction_stands_once() {
        String twice = VALID + VALID.substring(VALID.indexOf("  - jurisdiction"));
        assertThatThrownBy(() -> AuthorityFile.read("x.yaml", twice))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.why()).contains("line 22", "entry DE", "stands twice"));
    }
}
