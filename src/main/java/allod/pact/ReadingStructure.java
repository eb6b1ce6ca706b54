package allod.pact;

import java.util.List;

/**
 * The keys of one object version as custody formulas: {@code Threshold_k(root custodians) AND (Env_1 OR Env_2 OR ...)}.
 * Ciphertext and key pages count as available to anyone, since they may be copied freely.
 *
 * @param threshold how many root custodians are needed
 * @param roots for each custodian that holds a wrap of the domain's root: who commands its key
 * @param envelopes for each envelope of the version: what it needs beside the root
 * @param gateway who runs the program that serves the object, and sees its plaintext while it does
 * @param owner whose access keys the gateway answers
 */
public record ReadingStructure(
        int threshold, List<Custody> roots, List<Custody> envelopes, Party gateway, Party owner) {
    /** @throws IllegalArgumentException if the threshold is not 1 to the number of custodians */
    public ReadingStructure {
        roots = List.copyOf(roots);
        envelopes = List.copyOf(envelopes);
        new Custody.Threshold(threshold, roots);
    }

    /** The three questions that one object can be asked. */
    public enum View {
        /** With all that is stored, old copies included, and the keys: no running program needed. */
        AT_REST("at rest"),
        /** And with what the running gateway has in its memory and hands out on request. */
        LIVE_GATEWAY("live gateway"),
        /** And with the rights that somebody can give themselves. */
        CAN_GRANT("can grant");

        private final String text;

        View(String text) {
            this.text = text;
        }

        /** As answers name it. */
        public String text() {
            return text;
        }
    }

    /** The formula of a view. */
    public Custody formula(View view) {
        return switch (view) {
            case AT_REST -> through(new Custody.Or(envelopes));
            case LIVE_GATEWAY -> live();
            case CAN_GRANT -> canGrant();
        };
    }

    /** What opens the object through one envelope alone. */
    public Custody through(Custody envelope) {
        return new Custody.And(List.of(new Custody.Threshold(threshold, roots), envelope));
    }

    /** The gateway's operator sees plaintext during a request; the owner is answered with it. */
    private Custody live() {
        return new Custody.Or(List.of(formula(View.AT_REST), held(gateway), held(owner)));
    }

    /**
     * The custodians let the gateway in, so whoever runs it can have the root unwrapped; the same party makes access keys
     * of any owner, and an owner can let others in.
     */
    private Custody canGrant() {
        List<Custody> letIn = roots.stream()
                .<Custody>map(root -> new Custody.Or(List.of(root, held(gateway))))
                .toList();
        return new Custody.Or(List.of(
                new Custody.And(List.of(new Custody.Threshold(threshold, letIn), new Custody.Or(envelopes))),
                held(gateway),
                held(owner)));
    }

    private static Custody held(Party party) {
        return new Custody.Held(party);
    }
}
