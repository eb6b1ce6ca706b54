package allod.audit;

/** The answer to {@code allod verify}: an exit code, and a report for people or for programs. */
public sealed interface Report permits Verification, DrillReport {
    ExitCode exitCode();

    /** The report for people, ended by a line feed. Nothing of the file reaches the terminal but printable characters. */
    String text();

    /** The report for programs: one JSON object on one line, ended by a line feed. */
    String json();
}
