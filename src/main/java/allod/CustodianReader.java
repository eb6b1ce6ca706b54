package allod;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.FileCustodian;
import allod.keys.RootRecord;
import allod.keys.pkcs11.Pkcs11Settings;
import allod.keys.transit.TransitSettings;
import allod.keys.transit.TransitSettings.Credentials;
import allod.pact.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the custodians of a settings file: each is checked for what its sort needs and for nothing that it does not. */
final class CustodianReader {
    private final Map<String, Given> given;
    private final Party operator;

    /** @param given what was set, by path; custodians below {@link CustodianSettings#SECTION} */
    CustodianReader(Map<String, Given> given, Party operator) {
        this.given = given;
        this.operator = operator;
    }

    /** By name. */
    List<Config.Custodian> read() {
        Map<String, Map<String, Given>> byName = new TreeMap<>();
        String prefix = CustodianSettings.SECTION + ".";
        given.forEach((path, value) -> {
            if (path.startsWith(prefix)) {
                String name = path.substring(prefix.length(), path.lastIndexOf('.'));
                byName.computeIfAbsent(name, key -> new TreeMap<>())
                        .put(path.substring(path.lastIndexOf('.') + 1), value);
            }
        });
        // The custodian in the custody folder is one of them.
        if (byName.size() >= RootRecord.MAX_CUSTODIANS) {
            throw problem(
                    CustodianSettings.SECTION + " names " + byName.size() + " custodians.",
                    "A root key is held by at most " + RootRecord.MAX_CUSTODIANS + ", the custody folder's included.",
                    "Name fewer.");
        }
        List<Config.Custodian> custodians = new ArrayList<>();
        byName.forEach((name, fields) -> custodians.add(new One(name, fields).read()));
        return List.copyOf(custodians);
    }

    /** One custodian's section. */
    private final class One {
        private final String name;
        private final Map<String, Given> fields;

        One(String name, Map<String, Given> fields) {
            this.name = name;
            this.fields = fields;
        }

        Config.Custodian read() {
            if (name.equals(FileCustodian.ID)) {
                throw problem(
                        where() + " cannot be set.",
                        "The custodian in the custody folder has that name.",
                        "Choose another name.");
            }
            CustodianSettings.Kind kind = need(CustodianSettings.KIND);
            refuseOthers(kind);
            var party = maybe(CustodianSettings.PARTY)
                    .map(who -> new Party(who, maybe(CustodianSettings.JURISDICTION)))
                    .orElse(operator);
            if (maybe(CustodianSettings.PARTY).isEmpty()
                    && maybe(CustodianSettings.JURISDICTION).isPresent()) {
                throw problem(
                        where() + " has a jurisdiction but no party.",
                        "A jurisdiction is that of who administers the custodian.",
                        "Set party too.");
            }
            return new Config.Custodian(
                    name,
                    party,
                    switch (kind) {
                        case TRANSIT -> transit();
                        case PKCS11 -> pkcs11();
                    });
        }

        private void refuseOthers(CustodianSettings.Kind kind) {
            List<String> known =
                    CustodianSettings.of(kind).stream().map(Setting::path).toList();
            fields.forEach((field, value) -> {
                if (!known.contains(field)) {
                    throw problem(
                            value.where() + ": " + field + " is not a setting of a "
                                    + kind.name().toLowerCase(Locale.ROOT) + " custodian.",
                            "Custodian " + name + " would not read it.",
                            "Those that it reads are " + String.join(", ", known) + ".");
                }
            });
        }

        private Config.Custodian.Kind transit() {
            return new Config.Custodian.Transit(new TransitSettings(
                    name,
                    need(CustodianSettings.ADDRESS),
                    need(CustodianSettings.MOUNT),
                    need(CustodianSettings.KEY_PREFIX),
                    maybe(CustodianSettings.NAMESPACE),
                    credentials(),
                    maybe(CustodianSettings.CA_FILE),
                    need(CustodianSettings.TIMEOUT),
                    need(CustodianSettings.NO_OLDER_COPIES)));
        }

        private Credentials credentials() {
            var token = maybe(CustodianSettings.TOKEN_FILE);
            var role = maybe(CustodianSettings.ROLE_ID_FILE);
            var secret = maybe(CustodianSettings.SECRET_ID_FILE);
            if (token.isPresent() && role.isEmpty() && secret.isEmpty()) {
                return new Credentials.TokenFile(token.get());
            }
            if (token.isEmpty() && role.isPresent() && secret.isPresent()) {
                return new Credentials.AppRole(role.get(), secret.get(), need(CustodianSettings.APPROLE_MOUNT));
            }
            throw problem(
                    where() + " has no one way to log in.",
                    "It takes either token-file, or role-id-file and secret-id-file.",
                    "Set one of the two.");
        }

        private Config.Custodian.Kind pkcs11() {
            return new Config.Custodian.Pkcs11(new Pkcs11Settings(
                    name,
                    need(CustodianSettings.LIBRARY).toAbsolutePath(),
                    need(CustodianSettings.TOKEN),
                    need(CustodianSettings.PIN_FILE),
                    need(CustodianSettings.VALIDATED)));
        }

        private <T> T need(Setting<T> setting) {
            Given value = fields.get(setting.path());
            if (value == null && setting.standard().isEmpty()) {
                throw problem(
                        where() + " has no " + setting.path() + ".",
                        "It cannot be reached without.",
                        "Set " + setting.path() + ", " + setting.shape().expected() + ".");
            }
            return parse(setting, value == null ? new Given(setting.standard(), "the default") : value);
        }

        private <T> Optional<T> maybe(Setting<T> setting) {
            return Optional.ofNullable(fields.get(setting.path())).map(value -> parse(setting, value));
        }

        private <T> T parse(Setting<T> setting, Given value) {
            return setting.shape()
                    .parse(value.text())
                    .orElseThrow(() -> problem(
                            value.where() + ": " + setting.path() + " of custodian " + name + " is not valid.",
                            "Its value is " + ConfigReader.shown(value.text()) + ".",
                            "Expected " + setting.shape().expected() + "."));
        }

        private String where() {
            String lines = fields.values().stream().map(Given::where).sorted().collect(Collectors.joining(", "));
            return (lines.isEmpty() ? "" : lines.split(", ", 2)[0] + ": ") + "custodian " + name;
        }
    }

    private static Problem problem(String what, String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, what, why, next);
    }
}
