package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.log.CompactTree;
import allod.log.Hash;
import allod.log.NoteSigner;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Closes a log that lost signed events, for good, and opens the next one: another name, another key, a first leaf that
 * says after which promise it goes on, and in every tenant's chain an event that says the same. Nothing that the lost map
 * signed can be signed a second time, because nothing is ever signed under the old name again.
 *
 * @param number of the new log, above every one that map or custody ever knew
 * @param origin its name
 * @param head what custody kept of the log that is lost
 * @param closed the number of the log in the map that ends here
 * @param leaf its first entry
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LogReopening(int number, String origin, LogHead head, int closed, byte[] leaf) {
    static final String ACTOR = "system/restore";
    static final Principal PRINCIPAL = new Principal(ACTOR);

    static LogReopening after(RestoreFinding finding, LogHead head, byte[] leaf) {
        int last = finding.format().log();
        int number = Math.max(last, head.log()) + 1;
        if (number > LogNames.MAX) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "Nothing was restored.",
                    "The installation has had " + number + " logs, which is the most there can be.",
                    "Set up another installation.");
        }
        String base = LogNames.base(finding.log().origin(), last);
        return new LogReopening(number, LogNames.origin(base, number), head, last, leaf);
    }

    /** The new log before its first commit: one leaf, and the old log's time and orders. */
    LogState state(LogState old) {
        var tree = new CompactTree();
        tree.append(leaf);
        return new LogState(number, origin, tree, old.lastTime(), old.lastOrder());
    }

    /** All of it in one commit, the first on the new log. */
    LogRow commit(Ground ground, FormatRow format) throws IOException {
        byte[] seed = NoteSigner.newSeed(ground.random());
        String verifierKey = NoteSigner.ofLog(origin, seed).verifierKey().toString();
        return ground.sequencer().submit(transaction -> {
            LogRow old = row(transaction);
            transaction.put(MapKey.log(closed), old.closed(head.note()).encode());
            LogRow opened = LogKey.stage(ground, transaction, number, origin, seed, verifierKey);
            transaction.put(MapKey.leaves(number, 0), leaf);
            transaction.put(MapKey.FORMAT, format.withLog(number).encode());
            byte[] from = MapKey.family(Family.CHAIN);
            for (Map.Entry<byte[], byte[]> chain : transaction.all(from, MapKey.after(from))) {
                append(transaction, old, chain.getKey(), ChainRow.decode(chain.getValue()));
            }
            return opened;
        });
    }

    private LogRow row(Transaction transaction) {
        byte[] row = transaction.get(MapKey.log(closed));
        if (row == null) {
            throw new IllegalStateException("there is no log " + closed);
        }
        return LogRow.decode(row);
    }

    private void append(Transaction transaction, LogRow old, byte[] key, ChainRow chain) {
        var at = new RowReader("h", key);
        at.u8();
        TenantId tenant = at.tenant();
        int domain = tenant.equals(TenantId.SYSTEM)
                ? Domains.SYSTEM
                : firstOf(Buckets.tenant(transaction, tenant).domains());
        byte[] body = EventBody.of("log.restored")
                .text("actor", ACTOR)
                .text("purpose", "restore from an older copy")
                .text("old_origin", old.origin())
                .text("lost_origin", head.origin())
                .text("lost_head", head.note())
                .text("last_seq", Long.toString(chain.seq()))
                .text("last_commitment", Hash.of(chain.commitment()).toBase64())
                .outcome("ok")
                .toBytes();
        transaction.append(new Event(tenant, domain, EventClass.CHANGE, body));
    }

    private static int firstOf(List<Integer> domains) {
        return domains.getFirst();
    }
}
