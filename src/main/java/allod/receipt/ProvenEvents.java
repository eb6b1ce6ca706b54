package allod.receipt;

import static allod.receipt.JsonMembers.json;

import allod.log.MalformedException;
import allod.log.TlogProof;
import allod.log.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Events of an owner, opened, each with the proof that it is in the log: a file that anyone checks with the log's key. The
 * bytes are in docs/formats/events.md.
 *
 * @param events 1 to {@link #MAX_EVENTS}
 */
public record ProvenEvents(List<Proven> events) {
    /** What the file says it is. */
    public static final String FORMAT = "allod/events/v1";

    /** Most events of one file. */
    public static final int MAX_EVENTS = 64;

    private static final String WHAT = "file of events";

    /** @throws IllegalArgumentException if there is no event, or too many */
    public ProvenEvents {
        events = List.copyOf(events);
        if (events.isEmpty() || events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException(events.size() + " events, a file has 1 to " + MAX_EVENTS);
        }
    }

    /** One event and its proof. */
    public record Proven(OpenedEvent event, TlogProof logProof) {}

    /**
     * What a check found.
     *
     * @param known whether the reader trusts the signer of every checkpoint
     * @param sound whether every event is in the log as its checkpoint has it, and no signature is wrong
     * @param findings a sentence for each event, with its body
     */
    public record Checked(boolean known, boolean sound, List<String> findings) {
        public Checked {
            findings = List.copyOf(findings);
        }
    }

    /** Canonical JSON. */
    public byte[] encode() {
        return Json.object(Map.of("events", json(events, ProvenEvents::provenJson), "format", json(FORMAT)))
                .encode();
    }

    /** Whether bytes say of themselves that they are such a file; another check than that of a receipt is for them. */
    public static boolean isOne(byte[] file) {
        String text = new String(file, StandardCharsets.UTF_8).stripTrailing();
        return text.startsWith("{\"events\":") && text.endsWith("\"format\":\"" + FORMAT + "\"}");
    }

    /** @throws MalformedException if it is not the one encoding of such a file */
    public static ProvenEvents parse(byte[] file) {
        if (file.length > Receipt.MAX_BYTES) {
            throw new MalformedException("a file of events has at most " + Receipt.MAX_BYTES + " bytes");
        }
        return JsonMembers.read(Json.parse(file), WHAT, in -> {
            in.constant("format", FORMAT);
            return new ProvenEvents(in.list("events", ProvenEvents::proven));
        });
    }

    private static Json provenJson(Proven proven) {
        return Json.object(Map.of(
                "event", Receipt.eventJson(proven.event()), "logProof", Receipt.logProofJson(proven.logProof())));
    }

    private static Proven proven(Json value) {
        return JsonMembers.read(
                value,
                "proven event",
                in -> new Proven(
                        JsonMembers.read(in.get("event"), "event", Receipt::event),
                        JsonMembers.read(in.get("logProof"), "log proof", Receipt::logProof)));
    }

    /** Checks each event against the logs and witnesses that the reader trusts. */
    public Checked check(WitnessPolicy policy) {
        boolean known = true;
        boolean sound = true;
        List<String> findings = new ArrayList<>();
        for (Proven proven : events) {
            OpenedEvent event = proven.event();
            boolean logged =
                    event.frame().origin().equals(proven.logProof().checkpoint().origin())
                            && proven.logProof().includes(event.entry());
            WitnessPolicy.Decision decision = policy.evaluate(proven.logProof().note());
            boolean accepted = decision instanceof WitnessPolicy.Decision.Accepted;
            boolean unknown = decision instanceof WitnessPolicy.Decision.UnknownLog;
            known &= accepted;
            sound &= logged && (accepted || unknown);
            findings.add((logged ? "in the log" : "NOT in the log") + ", "
                    + (accepted ? "signed by a trusted log" : unknown ? "signer unknown" : "BADLY SIGNED") + ": "
                    + Instant.EPOCH.plus(event.frame().timeMicros(), ChronoUnit.MICROS) + " "
                    + new String(event.body(), StandardCharsets.UTF_8));
        }
        return new Checked(known, sound, findings);
    }
}
