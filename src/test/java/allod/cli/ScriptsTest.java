package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell scripts, and the program as a process of its own. */
class ScriptsTest {
    @TempDir
    Path folder = Path.of("");

    private record Run(int exit, String out, String err) {}

    @Test
    void every_script_is_valid_bash() throws Exception {
        for (String script : List.of("allod", "build", ".ci/run", "src/main/bash/jdk.sh")) {
            assertThat(run("bash", "-n", script)).as(script).isEqualTo(new Run(0, "", ""));
        }
    }

    @Test
    void a_jdk_of_25_or_newer_is_found_and_an_older_one_passed_over() throws Exception {
        Path older = jdk("older", "24.0.2");
        Path newer = jdk("newer", "25.0.1");
        Path newest = jdk("newest", "26");
        assertThat(find(older, newer, newest)).isEqualTo(new Run(0, newer + "\n", ""));
        assertThat(find(older, newest)).isEqualTo(new Run(0, newest + "\n", ""));
    }

    @Test
    void without_one_the_packages_are_named() throws Exception {
        Run run = find(jdk("older", "21.0.8"));
        assertThat(run.exit()).isEqualTo(69);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("openjdk-25-jdk", "temurin-25-jdk", "brew install");
    }

    @Test
    void build_lists_what_it_does_and_refuses_the_rest() throws Exception {
        Run help = run("./build", "help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("quick", "format", "bench", "crash", "large", "load", "fuzz");
        assertThat(run("./build", "nonsense").exit()).isEqualTo(64);
    }

    @Test
    void as_a_process_results_are_on_standard_output_and_all_else_on_standard_error() throws Exception {
        Run help = allod("--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("serve", "erase");
        assertThat(help.err()).isEmpty();
        Run failed = allod("erase", "nothing", "--json");
        assertThat(failed.exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("s3://bucket/key");
    }

    private static Run allod(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** Runs the search with these folders as the only candidates. */
    private static Run find(Path... homes) throws Exception {
        var folders = new StringBuilder();
        for (Path home : homes) {
            folders.append(home).append('\n');
        }
        return run(
                "bash",
                "-c",
                "source src/main/bash/jdk.sh; folders=$1; jdk_candidates() { printf %s \"$folders\"; }; "
                        + "find_jdk; echo \"$JAVA_HOME\"",
                "find",
                folders.toString());
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        for (String program : List.of("java", "javac")) {
            Files.writeString(home.resolve("bin").resolve(program), "").toFile().setExecutable(true);
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static Run run(String... command) throws Exception {
        Path out = Files.createTempFile("allod-out", "");
        Path err = Files.createTempFile("allod-err", "");
        try {
            var builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            int exit = builder.start().waitFor();
            return new Run(exit, text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
