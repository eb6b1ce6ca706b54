package allod.cli;

import allod.admin.CustodyAdministration.Drill;
import allod.admin.CustodyAdministration.DrillEnd;
import allod.admin.CustodyClient;
import allod.base.Problem;
import allod.base.Reason;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drill",
        description = "Pulls the key: the server asks the custodians no more, until reading fails; then it asks again."
                + " Meanwhile clients of that tenant or bucket are refused.",
        mixinStandardHelpOptions = true)
final class CustodyDrillCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;
    /** Longer than any lease that is left when the drill begins, by this much. */
    private static final long PATIENCE_MILLIS = 10_000;

    private static final int EVIDENCE_TRIES = 6;

    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Mixin
    private final CustodyTarget target = new CustodyTarget();

    @Option(names = "-o", required = true, paramLabel = "FILE", description = "Where the evidence is written.")
    private Path file = Path.of("");

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    CustodyDrillCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!yes) {
            consent(target.name());
        }
        CustodyClient custody = data.client().custody();
        Drill drill = custody.beginDrill(target.named());
        DrillEnd end = pulled(custody, drill);
        output.progress("The custodians are asked again: " + end.after());
        byte[] evidence = evidence(custody, end);
        NewFile.write(file, evidence);
        output.print(
                JsonOption.object()
                        .put("domain", end.domain())
                        .put("outcome", end.passed() ? "passed" : "failed")
                        .put("before", end.before())
                        .put("without", end.without())
                        .put("refusedAfterMillis", end.refusedAfter())
                        .put("after", end.after())
                        .put("file", file.toString()),
                "The drill " + (end.passed() ? "passed" : "FAILED") + ": before: " + end.before()
                        + "; without the key: " + end.without()
                        + (end.refusedAfter() < 0 ? "" : ", after " + end.refusedAfter() + " ms")
                        + "; with it again: " + end.after() + ".\nThe evidence is in " + file
                        + ". Next: allod verify " + file);
        return end.passed() ? Exit.DONE : Exit.FAILED;
    }

    /** Waits until reading fails, or should have; whatever happens, the drill is ended. */
    private DrillEnd pulled(CustodyClient custody, Drill drill) throws InterruptedException {
        var over = new AtomicBoolean();
        var hook = new Thread(() -> {
            if (over.compareAndSet(false, true)) {
                custody.endDrill(drill.domain());
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            output.progress("The key is pulled. Reading must fail within " + drill.lease() / 1000 + " s.");
            long until = System.nanoTime() + (drill.lease() + PATIENCE_MILLIS) * 1_000_000;
            Drill now = custody.lookAtDrill(drill.domain());
            while (!now.refused() && System.nanoTime() - until < 0) {
                Thread.sleep(LOOK_MILLIS);
                now = custody.lookAtDrill(drill.domain());
            }
            output.progress("Reading now: " + now.read());
        } catch (Problem | InterruptedException e) {
            if (over.compareAndSet(false, true)) {
                custody.endDrill(drill.domain());
            }
            throw e;
        }
        over.set(true);
        return custody.endDrill(drill.domain());
    }

    private static byte[] evidence(CustodyClient custody, DrillEnd end) {
        for (int i = 1; i < EVIDENCE_TRIES; i++) {
            try {
                return custody.drillEvidence(end.domain(), end.end());
            } catch (Problem problem) {
                if (problem.reason() != Reason.NOT_YET) {
                    throw problem;
                }
            }
        }
        return custody.drillEvidence(end.domain(), end.end());
    }

    private void consent(String name) {
        Optional<Console> console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (console.isEmpty()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The drill was not begun.",
                    "Clients of " + name + " are refused while it runs, and nobody is here to agree to that.",
                    "Give --yes.");
        }
        output.progress("While the drill runs, every client of " + name + " is refused. Type " + name + " to go on.");
        String typed = console.get().readLine();
        if (!isConsent(name, typed == null ? "" : typed)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT, "The drill was not begun.", "The name was not typed.", "Try again.");
        }
    }

    static boolean isConsent(String name, String typed) {
        return typed.strip().equals(name);
    }
}
