package allod.audit;

import allod.log.Checkpoint;
import allod.log.EventLeaf;
import allod.log.FsckReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of a report on a log. */
final class FsckText {
    private FsckText() {}

    static List<String> lines(String source, FsckReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("Log at " + source);
        Optional<Checkpoint> checkpoint = report.checkpoint();
        checkpoint.ifPresent(promise -> {
            lines.add("  origin   " + promise.origin());
            lines.add("  size     " + promise.size());
            lines.add("  root     " + promise.root().toBase64());
        });
        lines.add("  read     " + report.entries() + " entries, " + report.tiles() + " tiles");
        report.types().forEach((type, count) -> lines.add("           " + count + " " + typeName(type)));
        if (report.otherLengths() > 0) {
            lines.add("           " + report.otherLengths() + " of another length than Allod writes");
        }
        report.faults().forEach(fault -> lines.add("  FAULT    " + describe(fault)));
        if (report.isConsistent()) {
            lines.add("Everything holds: the log is what its signed checkpoint promises.");
        } else {
            lines.add("FAILED: the log is not what its checkpoint promises, or there is none under this key.");
        }
        return lines;
    }

    /** A fault in words. */
    private static String describe(FsckReport.Fault fault) {
        return switch (fault) {
            case FsckReport.Fault.UnreadableCheckpoint(String why) -> "the checkpoint is not readable: " + why;
            case FsckReport.Fault.UntrustedCheckpoint(String why) -> "the checkpoint is not the log's: " + why;
            case FsckReport.Fault.Missing(var resource) -> resource.path() + " is not there";
            case FsckReport.Fault.Malformed(var resource, String why) ->
                resource.path() + " is not what it should be: " + why;
            case FsckReport.Fault.WrongTile(var tile, int position) ->
                tile.path() + " does not follow from the entries, from its hash " + position + " on";
            case FsckReport.Fault.WrongRoot(var computed) ->
                "the entries hash to " + computed.toBase64() + ", which is not the checkpoint's root";
        };
    }

    /** What an entry's first byte stands for. */
    private static String typeName(int type) {
        return switch (type) {
            case EventLeaf.EVENT -> "events";
            case EventLeaf.HEAD -> "heads";
            case EventLeaf.REOPENED -> "reopenings";
            default -> "of the unknown type " + type;
        };
    }
}
