package allod.rights;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Exchange;
import allod.http.Identity;
import allod.http.Query;
import allod.http.SigV4;
import allod.store.Caller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out which owner asks, and reads the parameters of what is asked. */
record Owners(SigV4 signatures) {
    /** Items of one page where the request names no limit. */
    private static final int USUAL_LIMIT = 100;

    private static final int MAX_LIMIT = 1000;

    /** The largest integer that every reader of JSON keeps exactly. */
    private static final long MAX_NUMBER = (1L << 53) - 1;

    /**
     * Who asks: an owner itself.
     *
     * @throws allod.http.SignatureProblem if nobody signed the request, or nobody who is known
     * @throws Problem ACCESS_DENIED to a user or session of the owner's
     */
    Caller caller(Exchange exchange) {
        Identity identity = signatures.requireSigned(exchange).identity();
        if (!identity.principal().isSovereign()) {
            throw new Problem(
                    Reason.ACCESS_DENIED,
                    "The request was not carried out.",
                    "It is for the owner itself, and " + identity.principal() + " is one of its principals.",
                    "Sign with an access key of the owner's root.");
        }
        return new Caller(
                identity.tenant(),
                identity.principal(),
                identity.accessKey(),
                exchange.remoteAddress(),
                exchange.requestId());
    }

    /** The parameters of a request: each known, each once. Those of a presigned URL's signature are not counted. */
    record Parameters(Map<String, String> values) {
        /** @throws Problem INVALID_ARGUMENT for a parameter that is not known or stands twice */
        static Parameters of(Exchange exchange, String... known) {
            Map<String, String> values = new HashMap<>();
            for (Query.Parameter parameter : Query.parse(exchange.rawQuery()).parameters()) {
                String name = parameter.name();
                if (name.startsWith("X-Amz-")) {
                    continue;
                }
                if (!List.of(known).contains(name)) {
                    throw invalid(
                            "It has a parameter that this resource does not know.",
                            known.length == 0
                                    ? "Leave all parameters out."
                                    : "The parameters are " + String.join(" and ", known) + ".");
                }
                if (values.put(name, parameter.value()) != null) {
                    throw invalid("The parameter " + name + " stands twice.", "Send it once.");
                }
            }
            return new Parameters(values);
        }

        Optional<String> text(String name) {
            return Optional.ofNullable(values.get(name));
        }

        /** How many items a page may have: 1 to 1,000. */
        int limit() {
            return (int)
                    number("limit", 1, MAX_LIMIT).orElse((long) USUAL_LIMIT).longValue();
        }

        /** The number after which a page begins; 0 from the first. */
        long after() {
            return number("after", 0, MAX_NUMBER).orElse(0L);
        }

        private Optional<Long> number(String name, long least, long most) {
            return text(name).map(text -> {
                boolean decimal = text.matches("0|[1-9][0-9]{0,15}");
                if (!decimal || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                    throw invalid(
                            "The parameter " + name + " is not a whole number from " + least + " to " + most + ".",
                            "Send one in decimal digits, without sign or leading zeros.");
                }
                return Long.parseLong(text);
            });
        }
    }

    static Problem invalid(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "The request was not carried out.", why, next);
    }
}
