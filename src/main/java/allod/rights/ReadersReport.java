package allod.rights;

import allod.pact.AuthorityCatalogue;
import allod.pact.Custody;
import allod.pact.Party;
import allod.pact.Readers;
import allod.pact.ReadingStructure;
import allod.pact.Sentences;
import allod.store.BucketName;
import allod.store.KeyStructure;
import allod.store.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The answer to "who can read this object": the formula, its minimal sets in three views, the parties, what was assumed. */
final class ReadersReport {
    static final String FORMAT = "allod/readers/v1";

    private final KeyStructure keys;
    private final Custodians custodians;
    private final AuthorityCatalogue catalogue;
    private final Party owner;
    private final ReadingStructure structure;
    private final Map<Party, Set<String>> roles = new LinkedHashMap<>();

    ReadersReport(KeyStructure keys, Custodians custodians, AuthorityCatalogue catalogue) {
        this.keys = keys;
        this.custodians = custodians;
        this.catalogue = catalogue;
        this.owner = new Party("the owner, tenant " + keys.tenant(), Optional.empty());
        this.structure = new ReadingStructure(
                keys.threshold(),
                keys.custodians().stream()
                        .<Custody>map(id -> new Custody.Held(custodians.party(id)))
                        .toList(),
                keys.envelopes().stream().map(ReadersReport::custody).toList(),
                custodians.operator(),
                owner);
        role(custodians.operator(), "runs the gateway");
        role(owner, "owns the object");
        keys.custodians().forEach(id -> role(custodians.party(id), "root custodian " + id));
        keys.envelopes().forEach(envelope -> envelope.party().ifPresent(party -> role(party, "escrow party")));
    }

    /** What an envelope needs beside the root: nothing, or the party that its access secret is sealed to. */
    private static Custody custody(KeyStructure.Envelope envelope) {
        return envelope.party().<Custody>map(Custody.Held::new).orElse(Custody.ANYONE);
    }

    private void role(Party party, String role) {
        roles.computeIfAbsent(party, p -> new LinkedHashSet<>()).add(role);
    }

    ObjectNode json(BucketName bucket, ObjectKey key) {
        ObjectNode json = JsonPages.object().put("format", FORMAT);
        ObjectNode object = json.putObject("object")
                .put("bucket", bucket.value())
                .put("key", key.toString())
                .put("version", Long.toUnsignedString(keys.version()));
        keys.versionId().ifPresent(id -> object.put("versionId", id.text()));
        json.set("keys", keysJson());
        ArrayNode views = json.putArray("views");
        for (ReadingStructure.View view : ReadingStructure.View.values()) {
            views.add(view(view));
        }
        ArrayNode parties = json.putArray("parties");
        roles.forEach((party, its) -> parties.add(PartyReport.json(party, its, catalogue)));
        json.putObject("catalogue")
                .put("version", catalogue.version())
                .put("compiled", catalogue.compiled().toString());
        assumptions().forEach(json.putArray("assumed")::add);
        json.put("notice", "Facts for a lawyer to weigh, not legal advice.");
        return json;
    }

    private ObjectNode keysJson() {
        ObjectNode json = JsonPages.object()
                .put("domain", keys.domain())
                .put("generation", keys.generation())
                .put("threshold", keys.threshold())
                .put("of", keys.custodians().size())
                .put("degraded", keys.degraded());
        ArrayNode roots = json.putArray("custodians");
        keys.custodians()
                .forEach(id -> roots.add(JsonPages.object()
                        .put("id", id)
                        .put("party", custodians.party(id).name())));
        ArrayNode envelopes = json.putArray("envelopes");
        for (KeyStructure.Envelope envelope : keys.envelopes()) {
            ObjectNode one = JsonPages.object().put("kind", envelope.party().isPresent() ? "escrow" : "own");
            envelope.party().ifPresent(party -> one.put("party", party.name()));
            one.set("minimalSets", sets(Readers.of(structure.through(custody(envelope)))));
            envelopes.add(one);
        }
        return json;
    }

    private ObjectNode view(ReadingStructure.View view) {
        Custody formula = structure.formula(view);
        Readers readers = Readers.of(formula);
        ObjectNode json = JsonPages.object()
                .put("view", view.text())
                .put("formula", formula.toString())
                .put("sentence", Sentences.of(beginning(view), readers, besides(view)) + because(view));
        readers.alone().forEach(party -> json.withArray("alone").add(party.name()));
        json.set("minimalSets", sets(readers));
        return json;
    }

    /** Whom the keys do not show: the gateway answers whom the policy lets, everybody perhaps. */
    private String besides(ReadingStructure.View view) {
        return switch (view) {
            case AT_REST -> "";
            case LIVE_GATEWAY, CAN_GRANT ->
                keys.policy() ? "by whom the bucket's policy lets, through the gateway" : "";
        };
    }

    private static ArrayNode sets(Readers readers) {
        ArrayNode sets = JsonPages.array();
        readers.sets().forEach(set -> {
            ArrayNode members = sets.addArray();
            set.forEach(party -> members.add(party.name()));
        });
        return sets;
    }

    private static String beginning(ReadingStructure.View view) {
        return switch (view) {
            case AT_REST -> "From what is stored and the keys as they now stand, the content";
            case LIVE_GATEWAY -> "While the gateway runs, the content";
            case CAN_GRANT -> "Counting the rights that somebody can give themselves, the content";
        };
    }

    private String because(ReadingStructure.View view) {
        boolean operatorHoldsTheRoot =
                keys.custodians().stream().map(custodians::party).anyMatch(custodians.operator()::equals);
        return switch (view) {
            case AT_REST ->
                operatorHoldsTheRoot
                        ? " The operator can read it: a key of the root is with the party that runs this server."
                        : "";
            case LIVE_GATEWAY ->
                " The gateway has the plaintext in its memory during a request, so whoever controls the machine can"
                        + " take it; the owner is answered with it.";
            case CAN_GRANT ->
                " Whoever runs the gateway can make an access key of the owner (an event in the owner's history) and is"
                        + " let in by the custodians; the owner can give access to others.";
        };
    }

    private List<String> assumptions() {
        List<String> assumed = new ArrayList<>();
        assumed.add("Computed for key generation " + keys.generation() + " of domain " + keys.domain()
                + "; the next erasure makes another, with the custodians there are then.");
        assumed.add("The parties and jurisdictions are those that the operator's settings and escrow commands state;"
                + " nothing here checks them.");
        assumed.add("Ciphertext and key pages count as available to anyone, old copies included.");
        assumed.add("Nobody copied a key or plaintext while it was live.");
        assumed.add("Those to whom the owner gave access through the gateway, by access keys, policies or links, read"
                + " with its help and are not counted as parties.");
        if (custodians.operator().jurisdiction().isEmpty()) {
            assumed.add("The operator's jurisdiction is not stated, so the powers that reach it are not known here.");
        }
        keys.survivors()
                .forEach(copy -> assumed.add("Nobody has this copy, which erasures do not reach: " + copy
                        + ". Whoever has it and pages of that time reads what was live then."));
        if (keys.degraded()) {
            assumed.add("The root is degraded: fewer custodians hold a share of this generation than should.");
        }
        boolean opensByItself =
                keys.envelopes().stream().anyMatch(envelope -> envelope.party().isEmpty());
        boolean escrow =
                keys.envelopes().stream().anyMatch(envelope -> envelope.party().isPresent());
        if (opensByItself && escrow) {
            assumed.add(
                    "The root custodians open the object's own envelope without more, so at rest an escrow party adds"
                            + " no smaller set; `keys.envelopes` shows with whom each opens its own.");
        }
        return assumed;
    }
}
