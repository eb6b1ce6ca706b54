package allod.s3;

import allod.base.Problem;
import allod.http.Headers;
import allod.receipt.ReceiptId;
import allod.store.BucketName;
import allod.store.DeleteAnswer;
import allod.store.DeleteTarget;
import allod.store.ObjectKey;
import allod.store.ObjectStore;
import allod.store.VersionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Deletes: of a version each is an erasure, answered when the keys are destroyed and with the name of its receipt. Where a
 * delete only puts a marker, or takes one away, the answer says so.
 */
final class DeleteEndpoints {
    /** Keys in one DeleteObjects. */
    static final int MAX_KEYS = 1000;

    /** The most bytes of its document: 1,000 of the longest keys, with room for their markup and escapes. */
    static final int MAX_DOCUMENT = 2 << 20;

    static final String OUTCOME = "x-allod-outcome";
    static final String RECEIPT = "x-allod-receipt";

    private final ObjectStore store;
    private final Buffers buffers;

    DeleteEndpoints(ObjectStore store, Buffers buffers) {
        this.store = store;
        this.buffers = buffers;
    }

    void deleteOne(S3Request request, BucketName bucket, ObjectKey key) throws IOException {
        Optional<VersionId> version = VersionParameter.of(request);
        boolean bypass = LockHeaders.bypassesGovernance(request, bucket, key, version);
        var target = new DeleteTarget(key, version, Conditions.delete(request), bypass);
        Headers.Builder headers = Answers.headers(request);
        switch (store.delete(request.caller(), bucket, List.of(target)).get(0)) {
            case DeleteAnswer.Erased(var receipt, var id) ->
                Answers.addVersion(headers, id).add(OUTCOME, "erased").add(RECEIPT, receipt.toString());
            case DeleteAnswer.Marker(var id, var replaced) -> {
                Answers.addVersion(headers, Optional.of(id))
                        .add(DeleteMarkers.HEADER, "true")
                        .add(OUTCOME, "marker");
                replaced.ifPresent(receipt -> headers.add(RECEIPT, receipt.toString()));
            }
            case DeleteAnswer.Unmarked(var id) ->
                Answers.addVersion(headers, Optional.of(id))
                        .add(DeleteMarkers.HEADER, "true")
                        .add(OUTCOME, "unmarked");
            case DeleteAnswer.Nothing nothing ->
                Answers.addVersion(headers, version).add(OUTCOME, "nothing");
            case DeleteAnswer.Refused(var problem) -> throw problem;
        }
        Answers.empty(request.exchange(), 204, headers);
    }

    /** One key as the document names it, and the store's target or the reason why there is none. */
    record Asked(
            String key, Optional<String> version, Optional<DeleteTarget> target, Optional<RuntimeException> refusal) {
        Asked with(UnaryOperator<DeleteTarget> change) {
            return new Asked(key, version, target.map(change), refusal);
        }

        Asked refused(RuntimeException why) {
            return new Asked(key, version, Optional.empty(), Optional.of(why));
        }
    }

    void deleteMany(S3Request request, BucketName bucket) throws IOException {
        byte[] document = RequestContent.document(request, buffers, MAX_DOCUMENT, true);
        XmlElement delete = XmlElement.parse(document, "Delete");
        boolean quiet = delete.childText("Quiet")
                .filter(text -> text.strip().equalsIgnoreCase("true"))
                .isPresent();
        List<Asked> named = asked(delete);
        Gate.Decided decided = request.gate().decideEach(request, bucket, needed(bucket, named));
        List<Asked> asked = allowed(request, bucket, named, decided.refusals());
        List<DeleteTarget> targets =
                asked.stream().flatMap(one -> one.target().stream()).toList();
        List<DeleteAnswer> answers = targets.isEmpty() ? List.of() : store.delete(decided.caller(), bucket, targets);
        answerMany(request, asked, answers, quiet);
    }

    /** Each key needs leave of its own. */
    private static List<List<Needed>> needed(BucketName bucket, List<Asked> asked) {
        return asked.stream()
                .map(one -> one.target()
                        .map(target -> Permissions.delete(
                                bucket,
                                target.key(),
                                target.version(),
                                target.condition().match().isPresent()))
                        .orElse(List.of()))
                .toList();
    }

    /** One that has no leave is answered so, and the others are deleted. */
    private static List<Asked> allowed(
            S3Request request, BucketName bucket, List<Asked> asked, List<Optional<S3Refusal>> refusals) {
        var allowed = new ArrayList<Asked>(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            Asked one = asked.get(i);
            allowed.add(refusals.get(i).map(one::refused).orElse(one));
        }
        return bypassing(request, bucket, allowed);
    }

    private static List<Asked> bypassing(S3Request request, BucketName bucket, List<Asked> asked) {
        List<DeleteTarget> targets =
                asked.stream().flatMap(one -> one.target().stream()).toList();
        Iterator<Boolean> bypasses =
                LockHeaders.bypassesGovernance(request, bucket, targets).iterator();
        return asked.stream()
                .map(one -> one.with(target -> bypasses.next() ? target.bypassingGovernance() : target))
                .toList();
    }

    static List<Asked> asked(XmlElement delete) {
        var asked = new ArrayList<Asked>();
        for (XmlElement child : delete.children()) {
            switch (child.name()) {
                case "Object" -> asked.add(asked(child, child.requiredText("Key")));
                case "Quiet" -> {}
                default -> throw XmlElement.malformed("A Delete has no " + child.name() + ".");
            }
        }
        if (asked.isEmpty() || asked.size() > MAX_KEYS) {
            throw XmlElement.malformed("It names " + asked.size() + " keys, and may name 1 to " + MAX_KEYS + ".");
        }
        return asked;
    }

    private static Asked asked(XmlElement object, String key) {
        Optional<String> version = object.childText("VersionId").filter(text -> !text.isEmpty());
        try {
            for (XmlElement child : object.children()) {
                boolean served = switch (child.name()) {
                    case "Key", "ETag", "VersionId" -> true;
                    case "LastModifiedTime", "Size" -> false;
                    default -> throw XmlElement.malformed("An Object has no " + child.name() + ".");
                };
                if (!served) {
                    throw S3Refusal.unserved("the element " + child.name());
                }
            }
            var target = new DeleteTarget(
                    ObjectKey.of(key),
                    version.map(text -> VersionParameter.parse("VersionId", text)),
                    Conditions.match(object.childText("ETag")),
                    false);
            return new Asked(key, version, Optional.of(target), Optional.empty());
        } catch (S3Refusal refusal) {
            if (refusal.error() == S3Error.MALFORMED_XML) {
                throw refusal;
            }
            return new Asked(key, version, Optional.empty(), Optional.of(refusal));
        } catch (Problem refusal) {
            return new Asked(key, version, Optional.empty(), Optional.of(refusal));
        }
    }

    private static void answerMany(S3Request request, List<Asked> asked, List<DeleteAnswer> answers, boolean quiet)
            throws IOException {
        XmlWriter xml = XmlWriter.document("DeleteResult");
        var receipts = new ArrayList<ReceiptId>();
        int next = 0;
        for (Asked one : asked) {
            if (one.refusal().isPresent()) {
                error(xml, request, one, one.refusal().get());
                continue;
            }
            DeleteAnswer answer = answers.get(next++);
            if (answer instanceof DeleteAnswer.Refused(var problem)) {
                error(xml, request, one, problem);
                continue;
            }
            receipt(answer).ifPresent(receipts::add);
            if (!quiet) {
                deleted(xml, one, answer);
            }
        }
        Headers.Builder headers = Answers.headers(request);
        if (!receipts.isEmpty()) {
            headers.add(RECEIPT, runs(receipts));
        }
        Answers.xml(request.exchange(), headers, xml);
    }

    private static Optional<ReceiptId> receipt(DeleteAnswer answer) {
        return switch (answer) {
            case DeleteAnswer.Erased(var receipt, var id) -> Optional.of(receipt);
            case DeleteAnswer.Marker(var id, var replaced) -> replaced;
            case DeleteAnswer.Unmarked unmarked -> Optional.empty();
            case DeleteAnswer.Nothing nothing -> Optional.empty();
            case DeleteAnswer.Refused refused -> Optional.empty();
        };
    }

    private static void deleted(XmlWriter xml, Asked one, DeleteAnswer answer) {
        xml.open("Deleted").element("Key", one.key());
        one.version().ifPresent(id -> xml.element("VersionId", id));
        Optional<VersionId> marker = switch (answer) {
            case DeleteAnswer.Marker(var id, var replaced) -> Optional.of(id);
            case DeleteAnswer.Unmarked(var id) -> Optional.of(id);
            default -> Optional.empty();
        };
        marker.ifPresent(id -> xml.element("DeleteMarker", true).element("DeleteMarkerVersionId", id.text()));
        receipt(answer).ifPresent(id -> xml.element("AllodReceipt", id.toString()));
        xml.close();
    }

    private static void error(XmlWriter xml, S3Request request, Asked one, RuntimeException fault) {
        S3Errors.Answer answer = S3Errors.answerTo(request.caller().requestId(), fault);
        xml.open("Error").element("Key", one.key());
        one.version().ifPresent(id -> xml.element("VersionId", id));
        xml.element("Code", answer.error().code())
                .element("Message", answer.message())
                .close();
    }

    /** Receipts as {@code domain-generation-first..last}, one for each run of ordinals, joined by commas. */
    static String runs(List<ReceiptId> receipts) {
        var text = new StringBuilder();
        ReceiptId previous = null;
        for (ReceiptId receipt : receipts) {
            boolean follows = previous != null
                    && receipt.domain() == previous.domain()
                    && receipt.generation() == previous.generation()
                    && receipt.ordinal() == previous.ordinal() + 1;
            if (!follows) {
                if (previous != null) {
                    text.append("..").append(previous.ordinal()).append(',');
                }
                text.append(receipt);
            }
            previous = receipt;
        }
        return previous == null
                ? ""
                : text.append("..").append(previous.ordinal()).toString();
    }
}
