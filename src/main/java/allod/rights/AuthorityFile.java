package allod.rights;

import allod.base.Problem;
import allod.base.Reason;
import allod.pact.Authority;
import allod.pact.AuthorityCatalogue;
import allod.pact.Jurisdiction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the catalogue of powers and limits, checking each field and value against the schema of docs/who-can-read.md: what
 * is unknown, missing or of another form is an error that names file, entry and line.
 */
public final class AuthorityFile {
    /** The largest file, in bytes and in characters. */
    static final int MAX_LENGTH = 1 << 20;

    /** Most jurisdictions of a catalogue. */
    static final int MAX_ENTRIES = 1000;

    private static final String RESOURCE = "authority.yaml";

    private AuthorityFile() {}

    /**
     * The catalogue that this version brings.
     *
     * @throws Problem INTERNAL if it does not keep to its schema
     */
    public static AuthorityCatalogue bundled() {
        try (InputStream in = AuthorityFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + RESOURCE);
            }
            return read(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("this build's " + RESOURCE + " cannot be read", e);
        }
    }

    /** Reads a catalogue from its text; {@code file} names it in errors. */
    static AuthorityCatalogue read(String file, String text) {
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MAX_LENGTH)
                .setMaxAliasesForCollections(0)
                .build();
        try {
            var root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new YamlFields.Mistake("the file is empty", 1));
            return catalogue(YamlFields.of(root, "the file"));
        } catch (YamlFields.Mistake mistake) {
            throw problem(file + ", " + mistake.getMessage());
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1))
                    .orElse("");
            throw problem(file + line + ": it is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw problem(file + ": it is not YAML: " + e.getMessage());
        }
    }

    private static Problem problem(String why) {
        return new Problem(
                Reason.INTERNAL,
                "The catalogue of legal powers cannot be used.",
                why + ".",
                "Correct that line; docs/who-can-read.md has the fields and their values.");
    }

    private static AuthorityCatalogue catalogue(YamlFields root) {
        YamlFields head = root.section("catalogue");
        String version = head.text("version");
        LocalDate compiled = date(head, "compiled", head.text("compiled"));
        head.done();
        List<Authority> entries = new ArrayList<>();
        for (YamlFields entry : root.sections("entries", MAX_ENTRIES)) {
            Authority authority = entry(entry);
            if (entries.stream().anyMatch(other -> other.jurisdiction().equals(authority.jurisdiction()))) {
                throw entry.mistake("jurisdiction", "it stands twice");
            }
            entries.add(authority);
        }
        root.done();
        return new AuthorityCatalogue(version, compiled, entries);
    }

    private static Authority entry(YamlFields entry) {
        Jurisdiction jurisdiction = jurisdiction(entry, "jurisdiction", entry.text("jurisdiction"));
        entry.named("entry " + jurisdiction);
        String name = entry.text("name");
        List<Jurisdiction> members = entry.texts("members", MAX_ENTRIES).stream()
                .map(code -> jurisdiction(entry, "members", code))
                .toList();
        YamlFields decryption = entry.section("compelled-decryption");
        Authority.Power power = decryption.oneOf("power", Authority.Power.class);
        Authority.Reach reach = decryption.oneOf("reaches", Authority.Reach.class);
        Authority.Finding<Authority.Power> powers = finding(decryption, power);
        YamlFields transfer = entry.section("transfer");
        Authority.Finding<Authority.Transfer> limits =
                finding(transfer, transfer.oneOf("limit", Authority.Transfer.class));
        entry.done();
        return new Authority(jurisdiction, name, members, powers, reach, limits);
    }

    private static <T> Authority.Finding<T> finding(YamlFields fields, T kind) {
        var status = fields.oneOf("status", Authority.Status.class);
        Optional<LocalDate> since = fields.maybeText("since").map(text -> date(fields, "since", text));
        String summary = fields.text("summary");
        String citation = fields.text("citation");
        Optional<String> counterweight = fields.maybeText("counterweight");
        Optional<String> pending = fields.maybeText("pending");
        var confidence = fields.oneOf("confidence", Authority.Confidence.class);
        List<String> sources = fields.texts("sources", 20);
        for (String source : sources) {
            if (!source.matches("https?://[!-~]+")) {
                throw fields.mistake("sources", "'" + source + "' is not the address of a page");
            }
        }
        Optional<String> unsourced = fields.maybeText("unsourced");
        fields.done();
        try {
            return new Authority.Finding<>(
                    kind, status, since, summary, citation, counterweight, pending, confidence, sources, unsourced);
        } catch (IllegalArgumentException e) {
            throw fields.mistake("confidence", String.valueOf(e.getMessage()));
        }
    }

    private static Jurisdiction jurisdiction(YamlFields fields, String field, String code) {
        if (!Jurisdiction.isValid(code)) {
            throw fields.mistake(field, "'" + code + "' is not a jurisdiction such as DE, US-CA or EU");
        }
        return new Jurisdiction(code);
    }

    private static LocalDate date(YamlFields fields, String field, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw fields.mistake(field, "'" + text + "' is not a date such as 2026-01-31");
        }
    }
}
