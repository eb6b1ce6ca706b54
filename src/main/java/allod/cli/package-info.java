/**
 * The command line: one command a file, started by {@link allod.cli.Main}. Results go to standard output, everything else
 * to standard error; {@link allod.cli.Exit} lists the exit codes and docs/cli.md describes each command. May use every
 * package; no package uses it.
 */
@NullMarked
package allod.cli;

import org.jspecify.annotations.NullMarked;
