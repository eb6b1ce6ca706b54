package allod.store;

import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import allod.receipt.ErasureReason;
import allod.receipt.ReceiptId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Deletes: versions are hidden in one commit, and the answer waits until all that hangs on them is destroyed. In a
 * versioned bucket a delete that names no version puts a marker, which erases nothing.
 */
final class Deletes {
    /** How long a client waits for its keys to be destroyed before it is told that the erasure goes on without it. */
    private static final int ERASURE_SECONDS = 60;

    private final Ground ground;
    private final Buckets buckets;
    private final VersionCommits commits;
    private final VersionIds ids;
    private final DueLooks looks;

    Deletes(Ground ground, Buckets buckets, VersionCommits commits, VersionIds ids, DueLooks looks) {
        this.ground = ground;
        this.buckets = buckets;
        this.commits = commits;
        this.ids = ids;
        this.looks = looks;
    }

    /** Hides the keys in one commit and waits until all that hangs on them is destroyed. */
    List<DeleteAnswer> delete(Caller caller, BucketName name, List<DeleteTarget> targets) throws IOException {
        BucketRow before = buckets.owned(caller, name, "object.delete");
        List<Hidden> hidden = new ArrayList<>(targets.size());
        List<Erasures.OfKey> unfinished = new ArrayList<>(0);
        List<DeleteTarget> left = targets;
        for (int attempt = 0; !left.isEmpty() && attempt < VersionCommits.TRIES; attempt++) {
            hidden.addAll(hide(caller, name, before, left, unfinished));
            left = targets.subList(hidden.size(), targets.size());
        }
        while (hidden.size() < targets.size()) {
            hidden.add(Hidden.refused(Refusals.overtaken()));
        }
        ground.disk().reached(FaultPoint.ERASE_BEGUN);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ERASURE_SECONDS);
        List<Optional<ReceiptId>> receipts = new ArrayList<>(targets.size());
        for (Hidden one : hidden) {
            receipts.add(first(one.erasures(), deadline));
        }
        forward(unfinished, deadline);
        List<DeleteAnswer> answers = new ArrayList<>(targets.size());
        for (int i = 0; i < hidden.size(); i++) {
            answers.add(hidden.get(i).answer().apply(receipts.get(i)));
        }
        return answers;
    }

    /**
     * One key of a delete after its commit.
     *
     * @param answer what to say when all is erased, given the first receipt of these erasures
     * @param erasures the receipts to wait for, the version's first
     */
    private record Hidden(
            Function<Optional<ReceiptId>, DeleteAnswer> answer, List<CompletableFuture<ReceiptId>> erasures) {
        static Hidden done(DeleteAnswer answer) {
            return new Hidden(none -> answer, List.of());
        }

        static Hidden refused(Problem problem) {
            return done(new DeleteAnswer.Refused(problem));
        }
    }

    /** All that one target's plan needs to know. */
    private record Task(
            Transaction transaction,
            Caller caller,
            BucketName name,
            BucketRow bucket,
            DeleteTarget target,
            Which which,
            Optional<KeyVersions.Placed> placed,
            Erasures erasures) {
        ObjectKey key() {
            return target.key();
        }

        EventBody event(String type) {
            return EventBody.of(type, caller).bucket(name).key(key());
        }

        void append(EventClass kind, EventBody body) {
            transaction.append(new Event(bucket.owner(), bucket.domain(), kind, body.toBytes()));
        }

        Erasures.OfKey ofKey() {
            return erasures.of(key());
        }

        /** Brings all forward that waits of the key; what to wait for where the target itself erases nothing. */
        List<ErasureQueue.Ref> waiting() {
            List<ErasureQueue.Ref> waiting = ofKey().all();
            return waiting.isEmpty() ? ofKey().any() : waiting;
        }
    }

    /** Hides as many of the targets as it can; it stops at one whose condition must be looked at again. */
    private List<Hidden> hide(
            Caller caller,
            BucketName name,
            BucketRow before,
            List<DeleteTarget> targets,
            List<Erasures.OfKey> unfinished)
            throws IOException {
        List<Which> which =
                targets.stream().map(target -> ids.which(target.version())).toList();
        List<Expected> expected = new ArrayList<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            DeleteTarget target = targets.get(i);
            expected.add(commits.expect(before, target.key(), which.get(i), target.condition()));
        }
        return ground.sequencer().submit(transaction -> {
            BucketRow bucket = Buckets.still(transaction, name, before);
            List<Hidden> hidden = new ArrayList<>(targets.size());
            var erasures = new Erasures(transaction, bucket);
            for (int i = 0; i < targets.size(); i++) {
                DeleteTarget target = targets.get(i);
                Optional<KeyVersions.Placed> placed = KeyVersions.find(transaction, bucket, target.key(), which.get(i));
                Optional<NameRow> version = placed.map(KeyVersions.Placed::row).filter(row -> !row.isMarker());
                if (!expected.get(i).isOf(version)) {
                    break;
                }
                Optional<String> failed = expected.get(i).failed(target.condition(), version);
                var task = new Task(transaction, caller, name, bucket, target, which.get(i), placed, erasures);
                hidden.add(failed.isPresent() ? refuse(task, failed.get()) : hide(task));
            }
            ground.queue().enqueueWhenDurable(transaction, erasures.inOrder());
            unfinished.addAll(erasures.unfinished());
            return hidden;
        });
    }

    private static Hidden refuse(Task task, String condition) {
        task.transaction.append(VersionCommits.refusal(
                task.bucket, EventBody.of("object.delete", task.caller), task.name, task.key(), condition));
        return Hidden.refused(Refusals.preconditionFailed(condition));
    }

    private Hidden hide(Task task) {
        if (task.target.version().isEmpty() && task.bucket.isVersioned()) {
            return mark(task);
        }
        return task.placed.filter(it -> it.row().isMarker()).isPresent() ? unmark(task) : erase(task);
    }

    /**
     * A marker is taken away by its id; what is below it comes up. The null marker stands where a null version was, whose
     * erasure may still be under way.
     */
    private Hidden unmark(Task task) {
        KeyVersions.Placed marker = task.placed.orElseThrow();
        List<ErasureQueue.Ref> refs = marker.row().isNull() ? task.waiting() : List.of();
        looks.changed(task.transaction, task.bucket.id(), task.name, task.key());
        KeyVersions.remove(task.transaction, task.bucket, task.key(), marker);
        changed(task, refs, marker.row().order(), "marker removed");
        return new Hidden(receipt -> new DeleteAnswer.Unmarked(ids.of(marker.row())), watched(task.transaction, refs));
    }

    /** The event of a change to markers: evidence of an erasure only where it goes with one. */
    private static void changed(Task task, List<ErasureQueue.Ref> erasures, long order, String outcome) {
        task.append(
                erasures.isEmpty() ? EventClass.CHANGE : EventClass.EVIDENCE,
                task.event(erasures.isEmpty() ? "object.delete" : "erase.begin")
                        .version(order)
                        .outcome(outcome));
    }

    /** A version is erased, with all of its key that waits already; one that is gone may be among that. */
    private Hidden erase(Task task) {
        if (task.placed.isEmpty() && task.bucket.isVersioned() && task.which instanceof Which.Ordered(long order)) {
            return eraseAgain(task, order);
        }
        EventBody body = task.event("erase.begin");
        List<ErasureQueue.Ref> refs = new ArrayList<>();
        if (task.placed.isPresent()) {
            KeyVersions.Placed version = task.placed.get();
            Optional<Problem> locked = queue(task, version, refs);
            if (locked.isPresent()) {
                return locked(task, version, locked.get());
            }
            KeyVersions.remove(task.transaction, task.bucket, task.key(), version);
            if (task.bucket.isVersioned()) {
                looks.changed(task.transaction, task.bucket.id(), task.name, task.key());
            }
            body.version(version.row().order());
            refs.addAll(task.ofKey().all());
        } else {
            refs.addAll(task.waiting());
        }
        if (refs.isEmpty()) {
            task.append(EventClass.ACCESS, task.event("object.delete").outcome("nothing"));
        } else {
            task.append(EventClass.EVIDENCE, body.outcome("erasing"));
        }
        return new Hidden(receipt -> erased(task, receipt), watched(task.transaction, refs));
    }

    /** No such version stands there; it may wait, and where much waits of its key among what was not looked at yet. */
    private Hidden eraseAgain(Task task, long order) {
        Erasures.OfKey ofKey = task.ofKey();
        // At 0 there never was a version; what was queued without one says 0, too.
        List<ErasureQueue.Ref> refs = order == 0 ? List.of() : ofKey.version(order);
        if (refs.isEmpty()) {
            boolean more = order != 0 && ofKey.seek(order);
            task.append(
                    EventClass.ACCESS,
                    task.event("object.delete").outcome(more ? "looked for in the queue" : "nothing"));
            return new Hidden(none -> erased(task, ofKey.found(order)), List.of());
        }
        task.append(EventClass.EVIDENCE, task.event("erase.begin").outcome("erasing"));
        return new Hidden(receipt -> erased(task, receipt), watched(task.transaction, refs));
    }

    private DeleteAnswer erased(Task task, Optional<ReceiptId> receipt) {
        Optional<VersionId> id = task.bucket.isVersioned()
                ? task.placed.map(it -> ids.of(it.row())).or(task.target::version)
                : Optional.empty();
        return receipt.<DeleteAnswer>map(it -> new DeleteAnswer.Erased(it, id)).orElseGet(DeleteAnswer.Nothing::new);
    }

    /**
     * A marker goes on top. Where versioning is suspended it is the null version, and the one before it is erased, with all
     * of its key that waits already: a DELETE that is sent again must not be answered before that is gone.
     */
    private Hidden mark(Task task) {
        boolean suspended = task.bucket.versioning() == Versioning.SUSPENDED;
        long order = task.transaction.nextOrder();
        NameRow marker = NameRow.marker(order, suspended);
        List<ErasureQueue.Ref> refs = new ArrayList<>(0);
        Optional<KeyVersions.Placed> replaced = suspended
                ? KeyVersions.find(task.transaction, task.bucket, task.key(), new Which.Null())
                : Optional.empty();
        Optional<KeyVersions.Placed> erased = replaced.filter(it -> !it.row().isMarker());
        if (erased.isPresent()) {
            Optional<Problem> locked = queue(task, erased.get(), refs);
            if (locked.isPresent()) {
                return locked(task, erased.get(), locked.get());
            }
        }
        if (suspended) {
            refs.addAll(erased.isPresent() ? task.ofKey().all() : task.waiting());
        }
        KeyVersions.putMarker(task.transaction, task.bucket, task.key(), task.placed, replaced, marker);
        looks.came(task.transaction, task.bucket.id(), task.name, task.key());
        changed(task, refs, erased.map(it -> it.row().order()).orElse(order), "marker");
        return new Hidden(receipt -> new DeleteAnswer.Marker(ids.of(marker), receipt), watched(task.transaction, refs));
    }

    /** Queues a version whose client waits, unless a lock keeps it. */
    private Optional<Problem> queue(Task task, KeyVersions.Placed version, List<ErasureQueue.Ref> refs) {
        ErasureQueue.Entry entry = VersionCommits.entry(
                task.bucket,
                task.name,
                task.key(),
                version.row(),
                ErasureReason.DELETED,
                true,
                task.caller.requestId());
        boolean bypass = task.target.bypassGovernance();
        Optional<Problem> locked = ground.queue().refusal(task.transaction, entry, bypass);
        if (locked.isEmpty()) {
            task.ofKey().hide(ground.queue().stage(task.transaction, entry, bypass));
            refs.add(entry.ref());
        }
        return locked;
    }

    private static Hidden locked(Task task, KeyVersions.Placed version, Problem problem) {
        task.append(
                EventClass.ACCESS,
                task.event("object.delete").version(version.row().order()).outcome("refused: " + problem.reason()));
        return Hidden.refused(problem);
    }

    private List<CompletableFuture<ReceiptId>> watched(Transaction transaction, List<ErasureQueue.Ref> refs) {
        List<CompletableFuture<ReceiptId>> erasures = new ArrayList<>(refs.size());
        transaction.whenDurable(
                () -> refs.forEach(ref -> erasures.add(ground.queue().watch(ref))));
        return erasures;
    }

    /** Brings what else waited of these keys to the foreground, part by part, and waits for it. */
    private void forward(List<Erasures.OfKey> unfinished, long deadline) throws IOException {
        List<Erasures.OfKey> left = unfinished;
        while (!left.isEmpty()) {
            List<Erasures.OfKey> now = left;
            List<CompletableFuture<ReceiptId>> erasures = new ArrayList<>();
            List<Erasures.Brought> brought = ground.sequencer().submit(transaction -> {
                List<Erasures.Brought> next = Erasures.forward(transaction, now);
                ground.queue()
                        .enqueueWhenDurable(
                                transaction,
                                next.stream().map(Erasures.Brought::entry).toList());
                transaction.whenDurable(() -> next.forEach(
                        one -> erasures.add(ground.queue().watch(one.entry().ref()))));
                return next;
            });
            for (int i = 0; i < brought.size(); i++) {
                brought.get(i).erased(await(erasures.get(i), deadline));
            }
            left = Erasures.left(now);
        }
    }

    /** Waits for all of these; the first one's receipt. */
    private static Optional<ReceiptId> first(List<CompletableFuture<ReceiptId>> erasures, long deadline)
            throws IOException {
        @Nullable ReceiptId first = null;
        for (CompletableFuture<ReceiptId> erasure : erasures) {
            ReceiptId receipt = await(erasure, deadline);
            first = first == null ? receipt : first;
        }
        return Optional.ofNullable(first);
    }

    private static ReceiptId await(CompletableFuture<ReceiptId> erasure, long deadline) throws IOException {
        try {
            return erasure.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IOException("the erasure failed", e.getCause());
        } catch (TimeoutException e) {
            throw new Problem(
                    Reason.BUSY,
                    "The object is hidden, but its key is not yet destroyed.",
                    "The erasure took longer than " + ERASURE_SECONDS + " s.",
                    "Send the delete again: it is answered when the key is gone.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an erasure was waited for", e);
        }
    }
}
