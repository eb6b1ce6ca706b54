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
import java.util.OptionalLong;
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

    /** Entries that waited already and that one commit brings forward; the rest follows in further ones. */
    static final int FORWARD_AT_ONCE = 2000;

    private final Ground ground;
    private final Buckets buckets;
    private final VersionCommits commits;
    private final VersionIds ids;

    Deletes(Ground ground, Buckets buckets, VersionCommits commits, VersionIds ids) {
        this.ground = ground;
        this.buckets = buckets;
        this.commits = commits;
        this.ids = ids;
    }

    /** Hides the keys in one commit and waits until all that hangs on them is destroyed. */
    List<DeleteAnswer> delete(Caller caller, BucketName name, List<DeleteTarget> targets) throws IOException {
        BucketRow before = buckets.owned(caller, name, "object.delete");
        List<Hidden> hidden = new ArrayList<>(targets.size());
        List<DeleteTarget> left = targets;
        for (int attempt = 0; !left.isEmpty() && attempt < VersionCommits.TRIES; attempt++) {
            hidden.addAll(hide(caller, name, before, left));
            left = targets.subList(hidden.size(), targets.size());
        }
        while (hidden.size() < targets.size()) {
            hidden.add(Hidden.refused(Refusals.overtaken()));
        }
        ground.disk().reached(FaultPoint.ERASE_BEGUN);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ERASURE_SECONDS);
        List<DeleteAnswer> answers = new ArrayList<>(targets.size());
        for (Hidden one : hidden) {
            answers.add(await(one, deadline));
        }
        return answers;
    }

    /**
     * One key of a delete after its commit.
     *
     * @param answer what to say, given the receipt of the version where one is erased
     * @param erasures the receipts to wait for, the version's first
     * @param rest what waited of the key besides, to be brought forward when these are done
     */
    private record Hidden(
            Function<Optional<ReceiptId>, DeleteAnswer> answer,
            List<CompletableFuture<ReceiptId>> erasures,
            Optional<Rest> rest) {
        static Hidden done(DeleteAnswer answer) {
            return new Hidden(none -> answer, List.of(), Optional.empty());
        }

        static Hidden refused(Problem problem) {
            return done(new DeleteAnswer.Refused(problem));
        }
    }

    /**
     * Rows of the erasure queue, {@code from} included, up to before {@code to}: what came later is not waited for.
     *
     * @param order the one version among them that is asked for; empty for all
     */
    private record Rest(byte[] from, byte[] to, OptionalLong order) {}

    /** What one commit takes of what waits. */
    private record Forward(List<ErasureQueue.Entry> entries, Optional<Rest> rest) {
        static Forward of(Transaction transaction, Rest all, int most) {
            List<ErasureQueue.Entry> entries = ErasureQueue.entries(transaction, all.from, all.to, most);
            byte[] last = entries.size() < most ? null : transaction.last(all.from, all.to);
            Optional<Rest> rest = last == null
                    ? Optional.empty()
                    : Optional.of(new Rest(MapKey.after(entries.getLast().mapKey()), MapKey.after(last), all.order));
            List<ErasureQueue.Entry> asked = all.order.isEmpty()
                    ? entries
                    : entries.stream()
                            .filter(entry -> entry.row().order() == all.order.getAsLong())
                            .toList();
            return new Forward(asked, rest);
        }
    }

    /** All that one target's plan needs to know. */
    private record Task(
            Transaction transaction,
            Caller caller,
            BucketName name,
            BucketRow bucket,
            DeleteTarget target,
            Optional<KeyVersions.Placed> placed,
            Erasures all) {
        ObjectKey key() {
            return target.key();
        }

        EventBody event(String type) {
            return EventBody.of(type, caller).bucket(name).key(key());
        }

        void append(EventClass kind, EventBody body) {
            transaction.append(new Event(bucket.owner(), bucket.domain(), kind, body.toBytes()));
        }

        /** What waits of the key already: all of it, or one version. */
        Forward waiting(OptionalLong order) {
            byte[] from = MapKey.pendingOf(bucket.domain(), bucket.id(), key().bytes());
            return Forward.of(transaction, new Rest(from, MapKey.after(from), order), all.room());
        }
    }

    /** What one delete erases: the versions it hides, in the order asked, and then what waited of their keys already. */
    private record Erasures(List<ErasureQueue.Entry> hidden, List<ErasureQueue.Entry> waiting) {
        List<ErasureQueue.Entry> inOrder() {
            List<ErasureQueue.Entry> all = new ArrayList<>(hidden);
            all.addAll(waiting);
            return all;
        }

        int room() {
            return Math.max(1, FORWARD_AT_ONCE - waiting.size());
        }
    }

    /** Hides as many of the targets as it can; it stops at one whose condition must be looked at again. */
    private List<Hidden> hide(Caller caller, BucketName name, BucketRow before, List<DeleteTarget> targets)
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
            var erasures = new Erasures(new ArrayList<>(targets.size()), new ArrayList<>(0));
            for (int i = 0; i < targets.size(); i++) {
                DeleteTarget target = targets.get(i);
                Optional<KeyVersions.Placed> placed = KeyVersions.find(transaction, bucket, target.key(), which.get(i));
                Optional<NameRow> version = placed.map(KeyVersions.Placed::row).filter(row -> !row.isMarker());
                if (!expected.get(i).isOf(version)) {
                    break;
                }
                Optional<String> failed = expected.get(i).failed(target.condition(), version);
                var task = new Task(transaction, caller, name, bucket, target, placed, erasures);
                hidden.add(failed.isPresent() ? refuse(task, failed.get()) : hide(task));
            }
            ground.queue().enqueueWhenDurable(transaction, erasures.inOrder());
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

    /** A marker is taken away by its id; what is below it comes up. */
    private Hidden unmark(Task task) {
        KeyVersions.Placed marker = task.placed.orElseThrow();
        KeyVersions.remove(task.transaction, task.bucket, task.key(), marker);
        task.append(
                EventClass.CHANGE,
                task.event("object.delete").version(marker.row().order()).outcome("marker removed"));
        return Hidden.done(new DeleteAnswer.Unmarked(ids.of(marker.row())));
    }

    /** A version is erased, with all of its key that waits already. */
    private Hidden erase(Task task) {
        Which which = ids.which(task.target.version());
        boolean gone = task.placed.isEmpty() && task.bucket.isVersioned();
        OptionalLong only =
                gone && which instanceof Which.Ordered(long order) ? OptionalLong.of(order) : OptionalLong.empty();
        Forward forward = task.waiting(only);
        if (task.placed.isEmpty() && forward.entries().isEmpty()) {
            return elsewhere(task, forward);
        }
        EventBody body = task.event("erase.begin");
        List<ErasureQueue.Ref> refs = new ArrayList<>(1 + forward.entries().size());
        if (task.placed.isPresent()) {
            KeyVersions.Placed version = task.placed.get();
            Optional<Problem> locked = queue(task, version, refs);
            if (locked.isPresent()) {
                return locked(task, version, locked.get());
            }
            KeyVersions.remove(task.transaction, task.bucket, task.key(), version);
            body.version(version.row().order());
        }
        bringForward(task, forward.entries(), refs);
        task.append(EventClass.EVIDENCE, body.outcome("erasing"));
        return new Hidden(receipt -> erased(task, receipt), watched(task.transaction, refs), forward.rest());
    }

    private DeleteAnswer erased(Task task, Optional<ReceiptId> receipt) {
        Optional<VersionId> id = task.bucket.isVersioned()
                ? task.placed.map(it -> ids.of(it.row())).or(task.target::version)
                : Optional.empty();
        return receipt.<DeleteAnswer>map(it -> new DeleteAnswer.Erased(it, id)).orElseGet(DeleteAnswer.Nothing::new);
    }

    /** No such version stands there; where much waits of its key it may be among that which was not looked at yet. */
    private Hidden elsewhere(Task task, Forward forward) {
        boolean more = forward.rest().isPresent();
        task.append(
                EventClass.ACCESS, task.event("object.delete").outcome(more ? "looked for in the queue" : "nothing"));
        return new Hidden(receipt -> erased(task, receipt), List.of(), forward.rest());
    }

    /** A marker goes on top. Where versioning is suspended it is the null version, and the one before it is erased. */
    private Hidden mark(Task task) {
        boolean suspended = task.bucket.versioning() == Versioning.SUSPENDED;
        long order = task.transaction.nextOrder();
        NameRow marker = NameRow.marker(order, suspended);
        List<ErasureQueue.Ref> refs = new ArrayList<>(0);
        Optional<KeyVersions.Placed> replaced = suspended
                ? KeyVersions.find(task.transaction, task.bucket, task.key(), new Which.Null())
                : Optional.empty();
        Optional<KeyVersions.Placed> erased = replaced.filter(it -> !it.row().isMarker());
        Forward forward =
                erased.isPresent() ? task.waiting(OptionalLong.empty()) : new Forward(List.of(), Optional.empty());
        if (erased.isPresent()) {
            Optional<Problem> locked = queue(task, erased.get(), refs);
            if (locked.isPresent()) {
                return locked(task, erased.get(), locked.get());
            }
            bringForward(task, forward.entries(), refs);
        }
        replaced.ifPresent(it -> KeyVersions.removeAlone(task.transaction, task.bucket, task.key(), it));
        task.placed
                .filter(top -> replaced.isEmpty() || !top.row().isNull())
                .ifPresent(top -> KeyVersions.retire(task.transaction, task.bucket.id(), task.key(), top, order));
        KeyVersions.mark(task.transaction, task.bucket.id(), task.key(), marker);
        task.append(
                erased.isPresent() ? EventClass.EVIDENCE : EventClass.CHANGE,
                task.event(erased.isPresent() ? "erase.begin" : "object.delete")
                        .version(erased.map(it -> it.row().order()).orElse(order))
                        .outcome("marker"));
        return new Hidden(
                receipt -> new DeleteAnswer.Marker(ids.of(marker), receipt),
                watched(task.transaction, refs),
                forward.rest());
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
            task.all.hidden.add(ground.queue().stage(task.transaction, entry, bypass));
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

    private static void bringForward(Task task, List<ErasureQueue.Entry> waiting, List<ErasureQueue.Ref> refs) {
        for (ErasureQueue.Entry entry :
                ErasureQueue.bringForward(task.transaction, waiting).reversed()) {
            task.all.waiting.add(entry);
            refs.add(entry.ref());
        }
    }

    private List<CompletableFuture<ReceiptId>> watched(Transaction transaction, List<ErasureQueue.Ref> refs) {
        List<CompletableFuture<ReceiptId>> erasures = new ArrayList<>(refs.size());
        transaction.whenDurable(
                () -> refs.forEach(ref -> erasures.add(ground.queue().watch(ref))));
        return erasures;
    }

    /** Brings the next of what waited to the foreground. */
    private Hidden forward(Hidden before, Rest rest) throws IOException {
        return ground.sequencer().submit(transaction -> {
            Forward next = Forward.of(transaction, rest, FORWARD_AT_ONCE);
            List<ErasureQueue.Entry> entries = ErasureQueue.bringForward(transaction, next.entries());
            List<ErasureQueue.Ref> refs =
                    entries.stream().map(ErasureQueue.Entry::ref).toList();
            ground.queue().enqueueWhenDurable(transaction, entries);
            return new Hidden(before.answer, watched(transaction, refs), next.rest());
        });
    }

    private DeleteAnswer await(Hidden hidden, long deadline) throws IOException {
        try {
            @Nullable ReceiptId first = null;
            Hidden step = hidden;
            while (true) {
                for (CompletableFuture<ReceiptId> erasure : step.erasures()) {
                    ReceiptId receipt = erasure.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    first = first == null ? receipt : first;
                }
                if (step.rest().isEmpty()) {
                    break;
                }
                step = forward(step, step.rest().get());
            }
            return hidden.answer().apply(Optional.ofNullable(first));
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
