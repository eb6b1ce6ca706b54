package allod.store;

import allod.base.Problem;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The one read path: name row, ticket, slot row, event, content. A read that an erasure overtakes before its event begins
 * again; one that an overwrite overtakes may finish.
 */
final class Reads {
    private static final int TRIES = 8;

    private final Ground ground;
    private final Buckets buckets;
    private final Versions versions;
    private final VersionIds ids;
    private final DueLooks looks;

    Reads(Ground ground, Buckets buckets, Versions versions, VersionIds ids, DueLooks looks) {
        this.ground = ground;
        this.buckets = buckets;
        this.versions = versions;
        this.ids = ids;
        this.looks = looks;
    }

    /** What was decided of a read before its event: released, or why not. */
    private sealed interface Verdict {
        record Release(long first, long length, boolean ranged) implements Verdict {}

        record NotModified() implements Verdict {}

        record Unsatisfiable() implements Verdict {}

        record Refuse(Problem problem, String outcome) implements Verdict {}
    }

    ReadAnswer read(Caller caller, BucketName name, ObjectKey key, ReadRequest request) throws IOException {
        String action =
                "object." + request.kind().name().toLowerCase(Locale.ROOT).replace('_', '.');
        BucketRow bucket = buckets.owned(caller, name, key, action);
        Which which = ids.which(request.version());
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<KeyVersions.Placed> placed = versions.find(bucket, key, which);
            if (placed.isEmpty() || placed.get().row().isMarker()) {
                return nothing(caller, name, bucket, key, request, action, placed);
            }
            Optional<Versions.Opened> opened =
                    versions.open(bucket, placed.get().row());
            if (opened.isPresent()) {
                Optional<ReadAnswer> answer = answer(caller, name, bucket, key, request, action, opened.get());
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        throw Refusals.overtakenRead();
    }

    private ReadAnswer nothing(
            Caller caller,
            BucketName name,
            BucketRow bucket,
            ObjectKey key,
            ReadRequest request,
            String action,
            Optional<KeyVersions.Placed> marker)
            throws IOException {
        boolean asked = request.version().isPresent();
        EventBody body = EventBody.of(action, caller).bucket(name).key(key);
        if (marker.isPresent()) {
            NameRow row = marker.get().row();
            record(bucket, body.version(row.order()).outcome("delete marker"));
            return new ReadAnswer.Marker(ids.of(row), Order.time(row.order()), asked);
        }
        record(bucket, body.outcome("not found"));
        throw asked ? Refusals.noSuchVersion() : Refusals.noSuchKey();
    }

    private void record(BucketRow bucket, EventBody body) throws IOException {
        byte[] bytes = body.toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, bytes)));
    }

    /** Commits the event, then answers; empty where the version went meanwhile. Closes the ticket unless content follows. */
    private Optional<ReadAnswer> answer(
            Caller caller,
            BucketName name,
            BucketRow bucket,
            ObjectKey key,
            ReadRequest request,
            String action,
            Versions.Opened opened)
            throws IOException {
        boolean handedOn = false;
        try {
            ObjectInfo info = info(bucket, key, request, opened);
            List<ObjectPart> parts = parts(request, opened);
            Verdict verdict = refusal(request, opened)
                    .<Verdict>map(problem -> new Verdict.Refuse(problem, "refused: customer key"))
                    .orElseGet(() -> judge(request, info, parts));
            EventBody body = EventBody.of(action, caller).bucket(name).key(key).version(info.order());
            byte[] event = describe(body, verdict, info).toBytes();
            if (!commit(bucket, key, opened.name(), event)) {
                return Optional.empty();
            }
            ReadAnswer answer = switch (verdict) {
                case Verdict.Refuse(Problem problem, String outcome) -> throw problem;
                case Verdict.NotModified() -> new ReadAnswer.NotModified(info);
                case Verdict.Unsatisfiable() -> new ReadAnswer.Unsatisfiable(info);
                case Verdict.Release(long first, long length, boolean ranged)
                when !request.releasesContent() -> new ReadAnswer.Described(info, first, length, shown(request, parts));
                case Verdict.Release(long first, long length, boolean ranged) ->
                    content(
                            caller,
                            name,
                            bucket,
                            action,
                            info,
                            opened,
                            first,
                            length,
                            shown(request, parts),
                            request.customerKey());
            };
            handedOn = answer instanceof ReadAnswer.Content;
            return Optional.of(answer);
        } catch (ReadTickets.ErasedException overtaken) {
            return Optional.empty();
        } finally {
            if (!handedOn) {
                opened.ticket().close();
            }
        }
    }

    private VersionContent content(
            Caller caller,
            BucketName name,
            BucketRow bucket,
            String action,
            ObjectInfo info,
            Versions.Opened opened,
            long first,
            long length,
            List<ObjectPart> parts,
            Optional<CustomerKey> customerKey) {
        byte[] domain = ground.secrets().domainId(bucket.domain());
        byte[] ended = EventBody.of(action + ".ended", caller)
                .bucket(name)
                .key(info.key())
                .version(info.order())
                .toBytes();
        return new VersionContent(ground, bucket, domain, info, opened, first, length, parts, customerKey, ended);
    }

    /** What is wrong with the customer's key; tags are told without one, as S3 tells them. */
    private static Optional<Problem> refusal(ReadRequest request, Versions.Opened opened) {
        return switch (request.kind()) {
            case GET, HEAD, ATTRIBUTES, COPY_SOURCE ->
                CustomerKeys.refusal(
                        opened.description().customerCheck(), opened.row().objectId(), request.customerKey());
            default -> Optional.empty();
        };
    }

    /** The parts that the request needs to be known; else none, for the manifest costs a read. */
    private List<ObjectPart> parts(ReadRequest request, Versions.Opened opened) throws IOException {
        boolean needed = request.kind() == ReadRequest.Kind.ATTRIBUTES
                || request.range().orElse(null) instanceof ReadRequest.ByteRange.Part;
        return needed ? new VersionBlobs(ground, opened).parts() : List.of();
    }

    private static List<ObjectPart> shown(ReadRequest request, List<ObjectPart> parts) {
        return request.range().orElse(null) instanceof ReadRequest.ByteRange.Part(int number)
                ? parts.stream().filter(part -> part.number() == number).toList()
                : parts;
    }

    private static EventBody describe(EventBody body, Verdict verdict, ObjectInfo info) {
        return switch (verdict) {
            case Verdict.Refuse(Problem problem, String outcome) -> body.outcome(outcome);
            case Verdict.NotModified() -> body.outcome("not modified");
            case Verdict.Unsatisfiable() -> body.outcome("refused: range");
            case Verdict.Release(long first, long length, boolean ranged) ->
                (ranged ? body.text("range", first + "-" + (first + length - 1)) : body.number("size", info.size()))
                        .outcome("ok");
        };
    }

    /** The event's commit, refused where the slot's erasure has begun or a DELETE has queued it. */
    private boolean commit(BucketRow bucket, ObjectKey key, NameRow read, byte[] event) throws IOException {
        return ground.sequencer().submit(transaction -> {
            boolean named = KeyVersions.naming(transaction, bucket.id(), key, read.order(), read.slot())
                    .isPresent();
            if (!named
                    && !ground.queue()
                            .mayStillRead(transaction, bucket.domain(), bucket.id(), key.bytes(), read.slot())) {
                return false;
            }
            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, event));
            return true;
        });
    }

    private ObjectInfo info(BucketRow bucket, ObjectKey key, ReadRequest request, Versions.Opened opened) {
        Description description = opened.description();
        long order = opened.name().order();
        return new ObjectInfo(
                key,
                description.size(),
                description.etag(),
                Order.time(order),
                order,
                description.metadata(),
                description.checksum(),
                description.etag().parts(),
                ids.shown(bucket, opened.name()),
                opened.name().lock(),
                request.version().isPresent()
                        ? Optional.empty()
                        : looks.expiration(bucket.id(), key, description, Order.time(order)));
    }

    /** Conditions in the order of RFC 9110, section 13.2.2, then the range. */
    private static Verdict judge(ReadRequest request, ObjectInfo info, List<ObjectPart> parts) {
        Instant modified = info.lastModified().truncatedTo(ChronoUnit.SECONDS);
        if (!request.ifMatch().isEmpty() || request.matchAny()) {
            if (!request.matchAny() && !request.ifMatch().contains(info.etag())) {
                return refuse("If-Match");
            }
        } else if (request.ifUnmodifiedSince().isPresent()
                && modified.isAfter(request.ifUnmodifiedSince().get())) {
            return refuse("If-Unmodified-Since");
        }
        if (!request.ifNoneMatch().isEmpty() || request.noneMatchAny()) {
            if (request.noneMatchAny() || request.ifNoneMatch().contains(info.etag())) {
                return unmodified(request, "If-None-Match");
            }
        } else if (request.ifModifiedSince().isPresent()
                && !modified.isAfter(request.ifModifiedSince().get())) {
            return unmodified(request, "If-Modified-Since");
        }
        return range(request, info.size(), parts);
    }

    private static Verdict refuse(String condition) {
        return new Verdict.Refuse(Refusals.preconditionFailed(condition), "refused: " + condition);
    }

    /** To a reader the copy it has is current; to a copy there is nothing to copy. */
    private static Verdict unmodified(ReadRequest request, String condition) {
        return request.kind() == ReadRequest.Kind.COPY_SOURCE ? refuse(condition) : new Verdict.NotModified();
    }

    private static Verdict range(ReadRequest request, long size, List<ObjectPart> parts) {
        if (request.range().isEmpty()) {
            return new Verdict.Release(0, size, false);
        }
        if (request.range().get() instanceof ReadRequest.ByteRange.Part(int number)) {
            return part(number, size, parts);
        }
        if (size == 0 && request.range().get() instanceof ReadRequest.ByteRange.Suffix(long most) && most > 0) {
            // The last bytes of nothing are the whole of it (RFC 9110, section 14.1.2).
            return new Verdict.Release(0, 0, false);
        }
        long first = switch (request.range().get()) {
            case ReadRequest.ByteRange.Part part -> throw new IllegalStateException("a part has no range of its own");
            case ReadRequest.ByteRange.Span(long from, long to) -> from;
            case ReadRequest.ByteRange.From(long from) -> from;
            case ReadRequest.ByteRange.Suffix(long length) -> length == 0 ? size : Math.max(0, size - length);
        };
        long last = request.range().get() instanceof ReadRequest.ByteRange.Span(long from, long to)
                ? Math.min(to, size - 1)
                : size - 1;
        if (first >= size) {
            return new Verdict.Unsatisfiable();
        }
        return new Verdict.Release(first, last - first + 1, true);
    }

    private static Verdict part(int number, long size, List<ObjectPart> parts) {
        if (parts.isEmpty()) {
            return number == 1 ? new Verdict.Release(0, size, size > 0) : new Verdict.Unsatisfiable();
        }
        long start = 0;
        for (ObjectPart part : parts) {
            if (part.number() == number) {
                return new Verdict.Release(start, part.size(), part.size() > 0);
            }
            start += part.size();
        }
        return new Verdict.Unsatisfiable();
    }
}
