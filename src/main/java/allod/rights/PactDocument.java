package allod.rights;

import allod.http.Exchange;
import allod.http.Headers;
import allod.store.PublicLog;
import allod.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What this server promises, clause by clause, and how far it carries each out today: for machines, and honest about what
 * is missing. The log's key in it is only as good as the way it came by; see {@code allod trust}.
 */
final class PactDocument implements PactHandler.Resource {
    static final String PATH = "/.well-known/data-protection-pact";

    /** The form of the document; another form gets another name. */
    private static final String FORMAT = "allod/pact/v1";

    private static final Headers HEADERS = Headers.of("Cache-Control", "public, max-age=60");

    /** How far a clause is carried out. */
    private enum State {
        CARRIED_OUT("carried out"),
        IN_PART("in part"),
        NOT_YET("not yet");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    /**
     * A clause of the pact.
     *
     * @param does what the software does today
     * @param check how the customer can check that
     * @param missing what is not there yet, or what the clause cannot give
     */
    private record Clause(String name, State state, List<String> does, List<String> check, List<String> missing) {}

    private static final List<Clause> CLAUSES = List.of(
            new Clause(
                    "ownership",
                    State.IN_PART,
                    List.of(
                            "Only keys of the tenant that owns a bucket read, write or list it.",
                            "Who can read an object is computed from its keys."),
                    List.of(
                            "Each request of a known key is an event in the owner's history.",
                            "GET /api/v1/objects/BUCKET/KEY/readers, or allod who-can-read."),
                    List.of("Keys are held by one custodian on the operator's machine, not split among custodians that"
                            + " the owner picks.")),
            new Clause(
                    "access",
                    State.IN_PART,
                    List.of("The S3 API for current clients.", "The owner's own history and receipts."),
                    List.of("GET /api/v1/events and GET /api/v1/receipts."),
                    List.of("A report of all that is held on an owner.")),
            notYet("share", "Grants and links that are limited by time, purpose and count."),
            notYet("exchange", "Offers and agreements between organisations."),
            notYet("transfer", "A signed move to another provider with receipts at the source."),
            new Clause(
                    "delete",
                    State.CARRIED_OUT,
                    List.of(
                            "A delete of an object is answered when the key of its content is destroyed; copies of the"
                                    + " data folder, old and new, hold only ciphertext of it.",
                            "Overwritten content and aborted uploads lose their keys soon after, and have receipts too.",
                            "Each erasure has a receipt."),
                    List.of("allod verify checks a receipt without a server and without a network."),
                    List.of(
                            "A copy of the custody folder from before the delete undoes it.",
                            "No receipt proves that nobody copied plaintext or a key while it was live.")),
            new Clause(
                    "no other use",
                    State.IN_PART,
                    List.of(
                            "Each authenticated request is an event with its actor and purpose, committed before the"
                                    + " first byte of content leaves.",
                            "The log of all events is public as commitments that only an opening can tell apart."),
                    List.of("The owner's history with openings, and allod log fsck."),
                    List.of(
                            "Proofs that a history is complete up to its last event.",
                            "Witnesses that cosign the log's checkpoints.")),
            notYet("lawful retention", "Retention rules, legal holds and the report of what is still held."),
            new Clause(
                    "confidentiality",
                    State.IN_PART,
                    List.of("Content is encrypted with a key of its own before it reaches the disk."),
                    List.of("docs/formats describes every byte that is stored."),
                    List.of("Custodians outside the operator's machine, and the means to withdraw a key: whoever"
                            + " controls the machine can read what is live.")),
            notYet("disclosure", "Recorded disclosures with the approvals that custody asks for."),
            new Clause(
                    "integrity",
                    State.IN_PART,
                    List.of(
                            "Content is authenticated when it is read.",
                            "Events and their effects are committed together to an append-only log of signed"
                                    + " checkpoints."),
                    List.of("allod log fsck recomputes the whole log; consistency proofs between any two checkpoints."),
                    List.of("Regular reading of all content, and witnesses.")),
            new Clause(
                    "availability",
                    State.IN_PART,
                    List.of("Consistent, incremental backups of a running server, and a restore beside the current"
                            + " custody folder that brings nothing back that was deleted."),
                    List.of("allod backup and allod restore; an event log.restored says what a restore lost."),
                    List.of("Replication, and drills on a schedule.")),
            new Clause(
                    "internal audit",
                    State.IN_PART,
                    List.of("Receipts and the log can be checked from outside by anyone."),
                    List.of("allod verify and allod log fsck."),
                    List.of("An audit of each clause.")),
            new Clause(
                    "industry self-regulation",
                    State.IN_PART,
                    List.of("This document is published in a form for machines."),
                    List.of("GET " + PATH + "."),
                    List.of("Its signature, and a tool that tests any provider against it.")));

    private final ObjectNode document;

    PactDocument(Store store) {
        this.document = document(store);
    }

    private static Clause notYet(String name, String missing) {
        return new Clause(name, State.NOT_YET, List.of(), List.of(), List.of(missing));
    }

    @Override
    public void answer(Exchange exchange) throws IOException {
        JsonPages.answer(exchange, HEADERS, document);
    }

    private static ObjectNode document(Store store) {
        ObjectNode document = JsonPages.object().put("format", FORMAT);
        document.putObject("product").put("name", "Allod").put("version", version());
        document.set("log", log(store.log()));
        ArrayNode logs = document.putArray("logs");
        store.logs().all().forEach(log -> logs.add(log(log)));
        String assurance = store.assurance();
        document.putObject("erasure")
                .put("assuranceClass", assurance.substring(0, assurance.indexOf(':')))
                .put("meaning", assurance);
        ArrayNode clauses = document.putArray("clauses");
        CLAUSES.forEach(clause -> clauses.add(json(clause)));
        return document;
    }

    /** A closed log ends where a restore from an older copy found it; the one that goes on has a key of its own. */
    private static ObjectNode log(PublicLog log) {
        return JsonPages.object()
                .put("origin", log.origin())
                .put("prefix", log.prefix())
                .put("vkey", log.verifierKey().toString())
                .put("state", log.isClosed() ? "closed by a restore" : "open");
    }

    private static ObjectNode json(Clause clause) {
        ObjectNode json = JsonPages.object().put("clause", clause.name()).put("state", clause.state().text);
        clause.does().forEach(json.putArray("does")::add);
        clause.check().forEach(json.putArray("check")::add);
        clause.missing().forEach(json.putArray("missing")::add);
        return json;
    }

    private static String version() {
        return Optional.ofNullable(PactDocument.class.getPackage().getImplementationVersion())
                .orElse("unreleased");
    }
}
