package allod.cli;

import allod.audit.PinnedKeys;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command finds around it, so that a test can give its own.
 *
 * @param environment the environment variables
 */
record Surroundings(Map<String, String> environment) {
    Surroundings {
        environment = Map.copyOf(environment);
    }

    /** A variable that is set to something. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** The log keys this user has pinned, in {@code $XDG_CONFIG_HOME/allod}, else in {@code $HOME/.config/allod}. */
    PinnedKeys pinnedKeys() {
        return new PinnedKeys(variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> home().resolve(".config"))
                .resolve("allod"));
    }

    /** The user's folder, from {@code HOME}. */
    Path home() {
        return Path.of(variable("HOME").orElseGet(() -> System.getProperty("user.home", ".")));
    }
}
