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
import org.jspecify.annotations.Nullable;

/** Deletes: the keys are hidden in one commit, and the answer waits until all that hangs on them is destroyed. */
final class Deletes {
    /** How long a client waits for its keys to be destroyed before it is told that the erasure goes on without it. */
    private static final int ERASURE_SECONDS = 60;

    /** Entries that waited already and that one commit brings forward; the rest follows in further ones. */
    static final int FORWARD_AT_ONCE = 2000;

    private final Ground ground;
    private final Buckets buckets;
    private final VersionCommits commits;

    Deletes(Ground ground, Buckets buckets, VersionCommits commits) {
        this.ground = ground;
        this.buckets = buckets;
        this.commits = commits;
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
     * @param erasures the receipts to wait for, the current version's first
     * @param rest what waited of the key besides, to be brought forward when these are done
     */
    private record Hidden(Optional<Problem> refused, List<CompletableFuture<ReceiptId>> erasures, Optional<Rest> rest) {
        static Hidden refused(Problem why) {
            return new Hidden(Optional.of(why), List.of(), Optional.empty());
        }
    }

    /** Rows of the erasure queue, {@code from} included, up to before {@code to}: what came later is not waited for. */
    private record Rest(byte[] from, byte[] to) {}

    /** What one commit takes of what waits. */
    private record Forward(List<ErasureQueue.Entry> entries, Optional<Rest> rest) {
        static Forward of(Transaction transaction, byte[] from, byte[] to, int most) {
            List<ErasureQueue.Entry> entries = ErasureQueue.entries(transaction, from, to, most);
            byte[] last = entries.size() < most ? null : transaction.last(from, to);
            if (last == null) {
                return new Forward(entries, Optional.empty());
            }
            byte[] next = MapKey.after(entries.getLast().mapKey());
            return new Forward(entries, Optional.of(new Rest(next, MapKey.after(last))));
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
        List<Expected> expected = new ArrayList<>(targets.size());
        for (DeleteTarget target : targets) {
            expected.add(commits.expect(before, target.key(), target.condition()));
        }
        return ground.sequencer().submit(transaction -> {
            BucketRow bucket = Buckets.still(transaction, name, before);
            List<Hidden> hidden = new ArrayList<>(targets.size());
            var erasures = new Erasures(new ArrayList<>(targets.size()), new ArrayList<>(0));
            for (int i = 0; i < targets.size(); i++) {
                DeleteTarget target = targets.get(i);
                byte[] row = transaction.get(MapKey.current(bucket.id(), target.key()));
                if (!expected.get(i).isOf(row)) {
                    break;
                }
                hidden.add(hide(transaction, caller, name, bucket, target, expected.get(i), row, erasures));
            }
            ground.queue().enqueueWhenDurable(transaction, erasures.inOrder());
            return hidden;
        });
    }

    private Hidden hide(
            Transaction transaction,
            Caller caller,
            BucketName name,
            BucketRow bucket,
            DeleteTarget target,
            Expected expected,
            byte @Nullable [] row,
            Erasures all) {
        ObjectKey key = target.key();
        Optional<String> failed = expected.failed(target.condition(), row);
        if (failed.isPresent()) {
            transaction.append(
                    VersionCommits.refusal(bucket, EventBody.of("object.delete", caller), name, key, failed.get()));
            return Hidden.refused(Refusals.preconditionFailed(failed.get()));
        }
        byte[] from = MapKey.pendingOf(bucket.domain(), bucket.id(), key.bytes());
        Forward forward = Forward.of(transaction, from, MapKey.after(from), all.room());
        List<ErasureQueue.Entry> waiting = forward.entries();
        EventBody body = EventBody.of(row == null && waiting.isEmpty() ? "object.delete" : "erase.begin", caller)
                .bucket(name)
                .key(key);
        if (row == null && waiting.isEmpty()) {
            byte[] nothing = body.outcome("nothing").toBytes();
            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, nothing));
            return new Hidden(Optional.empty(), List.of(), Optional.empty());
        }
        List<ErasureQueue.Ref> refs = new ArrayList<>(1 + waiting.size());
        if (row != null) {
            NameRow current = NameRow.decode(row);
            transaction.delete(MapKey.current(bucket.id(), key));
            var pending = new PendingRow(
                    ErasureReason.DELETED,
                    true,
                    current.order(),
                    current.size(),
                    caller.requestId(),
                    name.value(),
                    List.of());
            ErasureQueue.Entry entry = ErasureQueue.stage(
                    transaction,
                    new ErasureQueue.Entry(bucket.domain(), bucket.id(), key.bytes(), current.slot(), pending));
            all.hidden.add(entry);
            refs.add(entry.ref());
            body.version(current.order());
        }
        for (ErasureQueue.Entry entry :
                ErasureQueue.bringForward(transaction, waiting).reversed()) {
            all.waiting.add(entry);
            refs.add(entry.ref());
        }
        byte[] begun = body.outcome("erasing").toBytes();
        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.EVIDENCE, begun));
        List<CompletableFuture<ReceiptId>> erasures = new ArrayList<>(refs.size());
        transaction.whenDurable(
                () -> refs.forEach(ref -> erasures.add(ground.queue().watch(ref))));
        return new Hidden(Optional.empty(), erasures, forward.rest());
    }

    /** Brings the next of what waited to the foreground. */
    private Hidden forward(Rest rest) throws IOException {
        return ground.sequencer().submit(transaction -> {
            Forward next = Forward.of(transaction, rest.from(), rest.to(), FORWARD_AT_ONCE);
            List<ErasureQueue.Entry> entries = ErasureQueue.bringForward(transaction, next.entries());
            List<CompletableFuture<ReceiptId>> erasures = new ArrayList<>(entries.size());
            transaction.whenDurable(
                    () -> entries.forEach(entry -> erasures.add(ground.queue().watch(entry.ref()))));
            ground.queue().enqueueWhenDurable(transaction, entries);
            return new Hidden(Optional.empty(), erasures, next.rest());
        });
    }

    private DeleteAnswer await(Hidden hidden, long deadline) throws IOException {
        if (hidden.refused().isPresent()) {
            return new DeleteAnswer.Refused(hidden.refused().get());
        }
        if (hidden.erasures().isEmpty()) {
            return new DeleteAnswer.Nothing();
        }
        try {
            ReceiptId first = null;
            Hidden step = hidden;
            while (true) {
                for (CompletableFuture<ReceiptId> erasure : step.erasures()) {
                    ReceiptId receipt = erasure.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    first = first == null ? receipt : first;
                }
                if (step.rest().isEmpty()) {
                    break;
                }
                step = forward(step.rest().get());
            }
            return new DeleteAnswer.Erased(java.util.Objects.requireNonNull(first));
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
