package allod.cli;

import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import allod.http.RequestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The key pair and region a client command signs with: from {@code ALLOD_ACCESS_KEY} and {@code ALLOD_SECRET_KEY}, else
 * from the AWS environment, else from the profile of the AWS files.
 *
 * @param session an STS session token, absent for a lasting key
 */
record ClientCredentials(String accessKey, String secretKey, Optional<String> session, String region) {
    private static final String DEFAULT_REGION = "us-east-1";

    /** The largest AWS file read, bytes. */
    private static final long MAX_FILE = 1 << 20;

    @Override
    public String toString() {
        return "ClientCredentials[accessKey=" + accessKey + ", region=" + region + "]";
    }

    /**
     * What signs with this pair.
     *
     * @throws Problem if the key's id could not be one
     */
    RequestSigner signer(String service, InstantSource clock) {
        if (!AccessKeyId.isValid(accessKey)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The request was not sent.",
                    "The access key's id is not 3 to 128 letters, digits, '.', '-' or '_'.",
                    "Correct ALLOD_ACCESS_KEY, or the AWS settings it comes from.");
        }
        byte[] secret = secretKey.getBytes(StandardCharsets.UTF_8);
        return new RequestSigner(new AccessKeyId(accessKey), secret, region, service, clock);
    }

    /** @throws Problem if there are none */
    static ClientCredentials find(Surroundings surroundings) throws IOException {
        String profile = surroundings.variable("AWS_PROFILE").orElse("default");
        var settings = profile(
                surroundings, "AWS_CONFIG_FILE", "config", profile.equals("default") ? profile : "profile " + profile);
        String region = surroundings
                .variable("AWS_REGION")
                .or(() -> surroundings.variable("AWS_DEFAULT_REGION"))
                .or(() -> Optional.ofNullable(settings.get("region")))
                .orElse(DEFAULT_REGION);
        var found = pair(surroundings, "ALLOD_ACCESS_KEY", "ALLOD_SECRET_KEY", Optional.empty(), region)
                .or(() -> pair(
                        surroundings,
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        surroundings.variable("AWS_SESSION_TOKEN"),
                        region));
        if (found.isPresent()) {
            return found.get();
        }
        return inProfile(profile(surroundings, "AWS_SHARED_CREDENTIALS_FILE", "credentials", profile), region)
                .or(() -> inProfile(settings, region))
                .orElseThrow(() -> new Problem(
                        Reason.INVALID_ARGUMENT,
                        "The request was not sent.",
                        "There is no key to sign it with: neither ALLOD_ACCESS_KEY and ALLOD_SECRET_KEY are set, nor"
                                + " those of AWS, nor has the AWS profile '" + profile + "' a key.",
                        "Set ALLOD_ACCESS_KEY and ALLOD_SECRET_KEY to a pair from `allod key add`."));
    }

    private static Optional<ClientCredentials> pair(
            Surroundings surroundings, String idName, String secretName, Optional<String> session, String region) {
        var id = surroundings.variable(idName);
        var secret = surroundings.variable(secretName);
        if (id.isPresent() != secret.isPresent()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The request was not sent.",
                    "Only one of " + idName + " and " + secretName + " is set.",
                    "Set both, or neither.");
        }
        return id.flatMap(key -> secret.map(value -> new ClientCredentials(key, value, session, region)));
    }

    private static Optional<ClientCredentials> inProfile(Map<String, String> profile, String region) {
        return Optional.ofNullable(profile.get("aws_access_key_id"))
                .flatMap(id -> Optional.ofNullable(profile.get("aws_secret_access_key"))
                        .map(secret -> new ClientCredentials(
                                id, secret, Optional.ofNullable(profile.get("aws_session_token")), region)));
    }

    private static Map<String, String> profile(Surroundings surroundings, String variable, String name, String section)
            throws IOException {
        Path file = surroundings
                .variable(variable)
                .map(Path::of)
                .orElseGet(() -> surroundings.home().resolve(".aws").resolve(name));
        if (!Files.isReadable(file) || Files.size(file) > MAX_FILE) {
            return Map.of();
        }
        return section(Files.readString(file), section);
    }

    /** The settings of one {@code [section]} of an AWS file; nested settings, which are indented, are passed over. */
    static Map<String, String> section(String text, String name) {
        Map<String, String> settings = new HashMap<>();
        boolean inside = false;
        for (String line : text.split("\r?\n", -1)) {
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";")) {
                continue;
            }
            int equals = bare.indexOf('=');
            if (bare.startsWith("[") && bare.indexOf(']') > 0) {
                inside = bare.substring(1, bare.indexOf(']'))
                        .strip()
                        .replaceAll("\\s+", " ")
                        .equals(name);
            } else if (inside && equals > 0 && !Character.isWhitespace(line.charAt(0))) {
                settings.put(
                        bare.substring(0, equals).strip(),
                        bare.substring(equals + 1).strip());
            }
        }
        return settings;
    }
}
