package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.VersionCipher;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The ids of versions: an order under a key of the installation's own, which stands under a slot of the system's domain and
 * stays the same for ever.
 */
final class VersionIds {
    private final VersionCipher cipher;

    VersionIds(VersionCipher cipher) {
        this.cipher = cipher;
    }

    /** Takes the key up, or makes it at the first start. */
    static VersionIds open(Ground ground) throws IOException {
        byte[] key = MapKey.bookkeeping(0, Bookkeeping.VERSION_IDS);
        byte[] existing = ground.map().get(key);
        long slot = existing != null
                ? new RowReader("C", existing).format(1).u64()
                : ground.sequencer().submit(transaction -> {
                    long taken = transaction.allocateSlot(Domains.SYSTEM);
                    transaction.put(
                            MapKey.slot(Domains.SYSTEM, taken),
                            SlotRow.bare(SlotKind.VERSION_IDS).encode());
                    transaction.put(key, new RowWriter(9).u8(1).u64(taken).toBytes());
                    return taken;
                });
        byte[] secret = ground.secrets()
                .secret(Domains.SYSTEM, slot)
                .orElseThrow(() -> new Problem(
                        Reason.UNUSABLE_FOLDER,
                        "The server was not started.",
                        "The key that names versions was erased.",
                        "Put the data folder back that belongs to this custody folder."));
        return new VersionIds(new VersionCipher(secret));
    }

    VersionId of(NameRow row) {
        return row.isNull() ? VersionId.NULL : of(row.order());
    }

    /** What a page's end names a version by: of the null version, too, its own, as another may be null by the next page. */
    VersionId marker(NameRow row) {
        return of(row.order());
    }

    private VersionId of(long order) {
        return new VersionId(HexFormat.of().formatHex(cipher.name(order)));
    }

    /** The id that answers about a version carry: none in a bucket that was never versioned. */
    Optional<VersionId> shown(BucketRow bucket, NameRow row) {
        return bucket.isVersioned() ? Optional.of(of(row)) : Optional.empty();
    }

    Which which(Optional<VersionId> id) {
        if (id.isEmpty()) {
            return Which.CURRENT;
        }
        if (id.get().isNull()) {
            return new Which.Null();
        }
        byte[] name = HexFormat.of().parseHex(id.get().text());
        return new Which.Ordered(cipher.order(name).orElse(0));
    }
}
