package allod.s3;

import allod.base.Problem;
import allod.http.Headers;
import allod.receipt.ReceiptId;
import allod.store.BucketName;
import allod.store.DeleteAnswer;
import allod.store.DeleteTarget;
import allod.store.ObjectKey;
import allod.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deletes: each is an erasure, answered when the keys are destroyed and with the name of its receipt. */
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
        var target = new DeleteTarget(key, Conditions.delete(request));
        Headers.Builder headers = Answers.headers(request);
        switch (store.delete(request.caller(), bucket, List.of(target)).get(0)) {
            case DeleteAnswer.Erased(var receipt) ->
                headers.add(OUTCOME, "erased").add(RECEIPT, receipt.toString());
            case DeleteAnswer.Nothing nothing -> headers.add(OUTCOME, "nothing");
            case DeleteAnswer.Refused(var problem) -> throw problem;
        }
        Answers.empty(request.exchange(), 204, headers);
    }

    /** One key as the document names it, and the store's target or the reason why there is none. */
    record Asked(String key, Optional<DeleteTarget> target, Optional<RuntimeException> refusal) {}

    void deleteMany(S3Request request, BucketName bucket) throws IOException {
        byte[] document = RequestContent.document(request, buffers, MAX_DOCUMENT, true);
        XmlElement delete = XmlElement.parse(document, "Delete");
        boolean quiet = delete.childText("Quiet")
                .filter(text -> text.strip().equalsIgnoreCase("true"))
                .isPresent();
        List<Asked> asked = allowed(request, bucket, asked(delete));
        List<DeleteTarget> targets =
                asked.stream().flatMap(one -> one.target().stream()).toList();
        List<DeleteAnswer> answers =
                targets.isEmpty() ? List.of() : store.delete(request.gate().admitted(request, bucket), bucket, targets);
        answerMany(request, asked, answers, quiet);
    }

    /** Each key needs leave of its own; one that has none is answered so and the others are deleted. */
    private static List<Asked> allowed(S3Request request, BucketName bucket, List<Asked> asked) throws IOException {
        var allowed = new ArrayList<Asked>(asked.size());
        for (Asked one : asked) {
            Optional<Needed> needed =
                    one.target().map(target -> Permissions.delete(bucket, target.key(), Optional.empty()));
            allowed.add(
                    needed.isEmpty() || request.gate().allows(request, needed.get())
                            ? one
                            : new Asked(one.key(), Optional.empty(), Optional.of(Gate.denied(request, needed.get()))));
        }
        return allowed;
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
        try {
            for (XmlElement child : object.children()) {
                boolean served = switch (child.name()) {
                    case "Key", "ETag" -> true;
                    case "VersionId" -> child.text().isEmpty() || child.text().equals("null");
                    case "LastModifiedTime", "Size" -> false;
                    default -> throw XmlElement.malformed("An Object has no " + child.name() + ".");
                };
                if (!served) {
                    throw S3Refusal.unserved("the element " + child.name());
                }
            }
            var target = new DeleteTarget(ObjectKey.of(key), Conditions.match(object.childText("ETag")));
            return new Asked(key, Optional.of(target), Optional.empty());
        } catch (S3Refusal refusal) {
            if (refusal.error() == S3Error.MALFORMED_XML) {
                throw refusal;
            }
            return new Asked(key, Optional.empty(), Optional.of(refusal));
        } catch (Problem refusal) {
            return new Asked(key, Optional.empty(), Optional.of(refusal));
        }
    }

    private static void answerMany(S3Request request, List<Asked> asked, List<DeleteAnswer> answers, boolean quiet)
            throws IOException {
        XmlWriter xml = XmlWriter.document("DeleteResult");
        var receipts = new ArrayList<ReceiptId>();
        int next = 0;
        for (Asked one : asked) {
            if (one.refusal().isPresent()) {
                error(xml, request, one.key(), one.refusal().get());
                continue;
            }
            switch (answers.get(next++)) {
                case DeleteAnswer.Erased(var receipt) -> {
                    receipts.add(receipt);
                    deleted(xml, one.key(), Optional.of(receipt), quiet);
                }
                case DeleteAnswer.Nothing nothing -> deleted(xml, one.key(), Optional.empty(), quiet);
                case DeleteAnswer.Refused(var problem) -> error(xml, request, one.key(), problem);
            }
        }
        Headers.Builder headers = Answers.headers(request);
        if (!receipts.isEmpty()) {
            headers.add(RECEIPT, runs(receipts));
        }
        Answers.xml(request.exchange(), headers, xml);
    }

    private static void deleted(XmlWriter xml, String key, Optional<ReceiptId> receipt, boolean quiet) {
        if (!quiet) {
            xml.open("Deleted").element("Key", key);
            receipt.ifPresent(id -> xml.element("AllodReceipt", id.toString()));
            xml.close();
        }
    }

    private static void error(XmlWriter xml, S3Request request, String key, RuntimeException fault) {
        S3Errors.Answer answer = S3Errors.answerTo(request.caller().requestId(), fault);
        xml.open("Error")
                .element("Key", key)
                .element("Code", answer.error().code())
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
