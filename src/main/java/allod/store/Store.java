package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.TenantId;
import allod.keys.CustodyMirror;
import allod.log.VerifierKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An open store: what the addresses use. Opened by {@link StoreOpening#open}; closing finishes what runs, signs a last
 * checkpoint and gives the folders free.
 */
public final class Store implements AutoCloseable {
    private final Parts parts;
    private boolean closed;

    /** Gives engines, custody and folders free. */
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }

    /** All that an open store is made of, from the lock up. */
    record Parts(
            Closing folders,
            Ground ground,
            Sequencer sequencer,
            ErasureGate gate,
            CustodyWatch watch,
            Custody custody,
            DroppedBlobs dropped,
            BlobSweep sweep,
            LifecycleRounds lifecycle,
            Checkpoints checkpoints,
            ObjectStore objects,
            Tenants tenants,
            Sessions sessions,
            AuthenticationFailures authenticationFailures,
            History history,
            HistoryReads historyReads,
            Receipts receipts,
            KeyStructures keyStructures,
            Escrows escrows,
            PublicLogs logs,
            CustodyMirrors mirrors,
            Backups backups,
            Scrub scrub,
            String assurance) {}

    Store(Parts parts) {
        this.parts = parts;
    }

    /** What it is made of, for the package's own checks. */
    Parts parts() {
        return parts;
    }

    public ObjectStore objects() {
        return parts.objects;
    }

    public Tenants tenants() {
        return parts.tenants;
    }

    /** Who acts for the tenants besides their roots. */
    public Identities identities() {
        return parts.tenants.identities();
    }

    /** Keys for a time. */
    public Sessions sessions() {
        return parts.sessions;
    }

    /** Where requests are told that their signatures did not let pass. */
    public AuthenticationFailures authenticationFailures() {
        return parts.authenticationFailures;
    }

    public Escrows escrows() {
        return parts.escrows;
    }

    /** Who holds the keys of each domain. */
    public Custody custody() {
        return parts.custody;
    }

    public Receipts receipts() {
        return parts.receipts;
    }

    /** The log that is written now. */
    public PublicLog log() {
        return parts.logs.current();
    }

    /** Reads all data again and authenticates it. */
    public Scrub scrub() {
        return parts.scrub;
    }

    /** Writes down, in the system's chain, that an operator looks at rows. */
    public void recordInspection(Principal actor, String what) throws IOException {
        byte[] body = EventBody.of("inspect")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("what", RowText.text(what))
                .outcome("ok")
                .toBytes();
        parts.sequencer.submit(
                transaction -> transaction.append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.ACCESS, body)));
    }

    /** The rows of the map, for an operator. */
    public Inspection inspection() {
        return new Inspection(parts.ground.map());
    }

    /** Copies of the map for backups of the running server. */
    public Backups backups() {
        return parts.backups;
    }

    /** All logs of the installation. */
    public PublicLogs logs() {
        return parts.logs;
    }

    public CustodyMirrors custodyMirrors() {
        return parts.mirrors;
    }

    /** The key that checks the log's checkpoints. */
    public VerifierKey verifierKey() {
        return parts.logs.current().verifierKey();
    }

    /** What an erasure is worth here, in words that begin with its class. */
    public String assurance() {
        return parts.assurance;
    }

    /**
     * The caller's own history.
     *
     * @param after events with higher numbers; 0 from the first
     * @param limit 1 to 1,000
     */
    public List<EventRecord> events(Caller caller, long after, int limit) throws IOException {
        List<EventRecord> events = parts.history.read(caller.tenant(), after, limit);
        parts.historyReads.record(caller);
        return events;
    }

    /**
     * How the keys of an object's version stand; asking is an event.
     *
     * @param version the current one if empty
     * @throws Problem NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_VERSION, IS_DELETE_MARKER, ACCESS_DENIED for anybody but the
     *     bucket's owner
     */
    public KeyStructure keyStructure(Caller caller, BucketName bucket, ObjectKey key, Optional<VersionId> version)
            throws IOException {
        return parts.keyStructures.of(caller, bucket, key, version);
    }

    /** Numbers worth watching, by name. */
    public Map<String, Long> metrics() {
        Map<String, Long> numbers = new TreeMap<>(parts.ground.map().metrics());
        numbers.put("erasure_foreground_waiting", (long) parts.ground.queue().foregroundSize());
        numbers.put("erasure_background_waiting", (long) parts.ground.queue().backgroundSize());
        numbers.put("custody_mirrors_missing", parts.mirrors.count(CustodyMirror.State.MISSING));
        numbers.put("custody_mirrors_forgotten", parts.mirrors.count(CustodyMirror.State.FORGOTTEN));
        numbers.put("custody_domains_closed", parts.custody.closed());
        numbers.put("custody_domains_unsettled", parts.custody.unsettled());
        numbers.put("commits_waiting", (long) parts.sequencer.waiting());
        numbers.put("blobs_to_drop", (long) parts.dropped.waiting());
        numbers.put("log_size", parts.sequencer.state().size());
        ScrubState scrub = parts.scrub.state();
        numbers.put("scrub_running", scrub.phase() == ScrubState.Phase.RUNNING ? 1L : 0L);
        numbers.put("scrub_read_bytes", scrub.bytes());
        numbers.put("scrub_damaged", scrub.damaged());
        numbers.put("space_above_floor_bytes", parts.ground.space().aboveFloorBytes());
        return numbers;
    }

    /**
     * Tells that the server is about to stop: whoever still waits for an erasure after this time is told BUSY, and that
     * the next start goes on with it.
     */
    public void stopping(Duration patience) {
        parts.gate.endWaitingAfter(patience);
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            parts.authenticationFailures.close();
        } catch (Problem | IOException failed) {
            parts.ground.log().debug("failed authentications were not written: {}", failed.getMessage());
        }
        parts.sweep.close();
        parts.lifecycle.close();
        parts.watch.close();
        parts.backups.close();
        parts.scrub.close();
        parts.gate.close();
        try {
            parts.ground.reservations().closeAll();
        } catch (Problem failed) {
            // After a failed commit nothing more is written: the next start closes the reservations.
            parts.ground.log().debug("the reservations stay open: {}", failed.getMessage());
        } finally {
            parts.checkpoints.close();
            parts.sequencer.close();
            parts.folders.close();
        }
    }
}
