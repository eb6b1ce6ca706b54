package allod.receipt;

import static allod.receipt.JsonMembers.json;

import allod.log.MalformedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A custody drill as its two events tell it: the server refused itself the custodians of a domain, as if its owner had
 * pulled the key, and then asked them again. The bytes of the bodies are in docs/formats/events.md.
 */
public record CustodyDrill(Begun begun, Ended ended) {
    /** How much later than the lease's end a refused read counts as in time: it is looked now and then, not always. */
    public static final long TOLERANCE_MILLIS = 5000;

    private static final String WHAT = "custody drill";
    private static final int MAX_BYTES = 16 * 1024;

    /**
     * Body of the event that begins a drill.
     *
     * @param actor who asked for it
     * @param domain local number of the erasure domain
     * @param custodians who holds the domain's root, such as {@code 2 of file, bao, hsm}
     * @param generation of the root
     * @param leaseMillis the custody lease: how long keys may be used before the custodians are asked again
     * @param read what reading came to before
     */
    public record Begun(String actor, int domain, String custodians, long generation, long leaseMillis, String read) {
        public static final String TYPE = "custody.drill.begin";

        /** Canonical JSON, UTF-8. */
        public byte[] encode() {
            return Json.object(Map.of(
                            "actor", json(actor),
                            "custodians", json(custodians),
                            "domain", json(domain),
                            "generation", json(generation),
                            "leaseMillis", json(leaseMillis),
                            "outcome", json("ok"),
                            "purpose", json(WHAT),
                            "read", json(read),
                            "type", json(TYPE)))
                    .encode();
        }

        static Begun parse(byte[] body) {
            return JsonMembers.read(bounded(body), WHAT, in -> {
                in.constant("type", TYPE);
                in.constant("purpose", WHAT);
                in.constant("outcome", "ok");
                return new Begun(
                        in.text("actor"),
                        in.smallNumber("domain"),
                        in.text("custodians"),
                        in.number("generation"),
                        in.number("leaseMillis"),
                        in.text("read"));
            });
        }
    }

    /**
     * Body of the event that ends a drill.
     *
     * @param begunAt number of the event that began it, in the same chain
     * @param before what reading came to before
     * @param without what it came to last while the custodians were not asked
     * @param after what it came to when they were asked again
     * @param refusedAfterMillis from the begin to the first read that was seen to fail; -1 if none was
     * @param requestsRefused requests of clients that were refused meanwhile
     * @param passed whether reading worked before, failed in time, and works again
     */
    public record Ended(
            String actor,
            int domain,
            long begunAt,
            String before,
            String without,
            String after,
            long refusedAfterMillis,
            long requestsRefused,
            boolean passed) {
        public static final String TYPE = "custody.drill.end";

        /** Canonical JSON, UTF-8. */
        public byte[] encode() {
            Map<String, Json> members = new HashMap<>(Map.of(
                    "actor", json(actor),
                    "after", json(after),
                    "before", json(before),
                    "begunAt", json(begunAt),
                    "domain", json(domain),
                    "outcome", json(passed ? "passed" : "failed"),
                    "purpose", json(WHAT),
                    "requestsRefused", json(requestsRefused),
                    "type", json(TYPE),
                    "without", json(without)));
            members.put("refusedAfterMillis", refusedAfterMillis < 0 ? json("never") : json(refusedAfterMillis));
            return Json.object(members).encode();
        }

        static Ended parse(byte[] body) {
            return JsonMembers.read(bounded(body), WHAT, in -> {
                in.constant("type", TYPE);
                in.constant("purpose", WHAT);
                return new Ended(
                        in.text("actor"),
                        in.smallNumber("domain"),
                        in.number("begunAt"),
                        in.text("before"),
                        in.text("without"),
                        in.text("after"),
                        in.get("refusedAfterMillis").equals(json("never")) ? -1 : in.number("refusedAfterMillis"),
                        in.number("requestsRefused"),
                        passed(in.text("outcome")));
            });
        }

        private static boolean passed(String outcome) {
            return switch (outcome) {
                case "passed" -> true;
                case "failed" -> false;
                default -> throw new MalformedException("a drill has no outcome " + outcome);
            };
        }
    }

    /** Where the event that began a drill stands, from the body of the one that ended it. */
    public static long begunAt(byte[] endBody) {
        return Ended.parse(endBody).begunAt();
    }

    private static Json bounded(byte[] body) {
        if (body.length > MAX_BYTES) {
            throw new MalformedException(WHAT + ": a body has " + body.length + " bytes, the limit is " + MAX_BYTES);
        }
        return Json.parse(body);
    }

    /**
     * The drill of a file of events.
     *
     * @throws MalformedException unless it is the two events of one drill, begin and end, of one owner
     */
    public static CustodyDrill of(ProvenEvents file) {
        if (file.events().size() != 2) {
            throw new MalformedException(
                    WHAT + ": a drill has two events, not " + file.events().size());
        }
        OpenedEvent first = file.events().getFirst().event();
        OpenedEvent last = file.events().getLast().event();
        var drill = new CustodyDrill(Begun.parse(first.body()), Ended.parse(last.body()));
        boolean oneChain = first.frame().origin().equals(last.frame().origin())
                && Arrays.equals(first.frame().tenant(), last.frame().tenant());
        if (!oneChain
                || first.frame().seq() >= last.frame().seq()
                || drill.ended.begunAt() != first.frame().seq()
                || drill.ended.domain() != drill.begun.domain()) {
            throw new MalformedException(WHAT + ": the second event does not end what the first began");
        }
        return drill;
    }

    /** Whether reading failed, and was seen to within the lease. */
    public boolean refusedInTime() {
        return isRefusedInTime(ended.refusedAfterMillis(), begun.leaseMillis());
    }

    /** Whether a read that failed so long after the begin did so within the lease. */
    public static boolean isRefusedInTime(long refusedAfterMillis, long leaseMillis) {
        return refusedAfterMillis >= 0 && refusedAfterMillis <= leaseMillis + TOLERANCE_MILLIS;
    }
}
