package allod.store;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documents that configure buckets. What is decided by them (who may, what expires) is asked with every request, so
 * they are kept in memory; a change stands there before it is answered.
 */
final class Configurations {
    /** Documents and absences kept in memory. */
    static final int LIMIT = 20_000;

    private final Ground ground;
    private final Buckets buckets;
    private final Map<Name, Optional<byte[]>> kept = new ConcurrentHashMap<>();

    private record Name(long bucketId, ConfigurationKind kind) {}

    Configurations(Ground ground, Buckets buckets) {
        this.ground = ground;
        this.buckets = buckets;
    }

    /** The document, without a word to anybody: for decisions, never for an answer. */
    Optional<byte[]> of(long bucketId, ConfigurationKind kind) {
        if (kept.size() >= LIMIT) {
            kept.clear();
        }
        // Loaded under the entry's lock, so that a change which commits meanwhile comes after it.
        return kept.computeIfAbsent(new Name(bucketId, kind), name -> load(bucketId, kind));
    }

    private Optional<byte[]> load(long bucketId, ConfigurationKind kind) {
        return Optional.ofNullable(ground.map().get(MapKey.configuration(bucketId, kind)))
                .map(value -> ConfigurationRow.decode(value).document());
    }

    Optional<byte[]> get(Caller caller, BucketName name, ConfigurationKind kind) throws IOException {
        String action = "bucket." + kind.eventName() + ".get";
        BucketRow bucket = buckets.owned(caller, name, action);
        Optional<byte[]> document = of(bucket.id(), kind);
        byte[] body = EventBody.of(action, caller)
                .bucket(name)
                .outcome(document.isPresent() ? "ok" : "not found")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        return document.map(byte[]::clone);
    }

    void put(Caller caller, BucketName name, ConfigurationKind kind, byte[] document) throws IOException {
        requireSize(document);
        String action = "bucket." + kind.eventName() + ".put";
        BucketRow before = buckets.owned(caller, name, action);
        byte[] body = EventBody.of(action, caller)
                .bucket(name)
                .number("size", document.length)
                .outcome("ok")
                .toBytes();
        ground.sequencer().submit(transaction -> {
            BucketRow bucket = Buckets.still(transaction, name, before);
            put(transaction, bucket.id(), kind, document);
            if (kind == ConfigurationKind.LIFECYCLE) {
                DueLooks.noteAll(transaction, bucket.id(), name);
            }
            transaction.whenDurable(() -> changed(bucket.id(), kind, Optional.of(document.clone())));
            return transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
        });
    }

    /** Stages a document of a bucket, in the commit of its creation, say. */
    static void put(Transaction transaction, long bucketId, ConfigurationKind kind, byte[] document) {
        var row = new ConfigurationRow(transaction.nextOrder(), document);
        transaction.put(MapKey.configuration(bucketId, kind), row.encode());
    }

    static void requireSize(byte[] document) {
        if (document.length == 0 || document.length > ConfigurationKind.MAX_DOCUMENT) {
            throw new IllegalArgumentException(
                    "a document has 1 to " + ConfigurationKind.MAX_DOCUMENT + " bytes, not " + document.length);
        }
    }

    /** Ends a document; it may not have been there. */
    void delete(Caller caller, BucketName name, ConfigurationKind kind) throws IOException {
        String action = "bucket." + kind.eventName() + ".delete";
        BucketRow before = buckets.owned(caller, name, action);
        ground.sequencer().submit(transaction -> {
            BucketRow bucket = Buckets.still(transaction, name, before);
            byte[] key = MapKey.configuration(bucket.id(), kind);
            boolean there = transaction.get(key) != null;
            if (there) {
                transaction.delete(key);
                transaction.whenDurable(() -> changed(bucket.id(), kind, Optional.empty()));
            }
            byte[] body = EventBody.of(action, caller)
                    .bucket(name)
                    .outcome(there ? "ok" : "nothing")
                    .toBytes();
            return transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
        });
    }

    private void changed(long bucketId, ConfigurationKind kind, Optional<byte[]> document) {
        kept.put(new Name(bucketId, kind), document);
    }

    /** A bucket takes its documents with it. Its id is never used again, so what is kept of it misleads nobody. */
    static void drop(Transaction transaction, long bucketId) {
        byte[] from = MapKey.bucketFrom(Family.CONFIGURATION, bucketId);
        transaction.all(from, MapKey.after(from)).forEach(row -> transaction.delete(row.getKey()));
    }
}
