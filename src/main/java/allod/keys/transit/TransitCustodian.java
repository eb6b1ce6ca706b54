package allod.keys.transit;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.AssuranceClass;
import allod.keys.CustodianMemory;
import allod.keys.CustodianMemory.Seen;
import allod.keys.Domain;
import allod.keys.ErasableCustodian;
import allod.keys.Evidence;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenBao or Vault transit as a custodian: one key for each domain, named after it; a handle is a version of that key,
 * {@code v7}. A new root is wrapped under a new version; destroying the old one is a trim, which takes the key material of
 * all lower versions out of the engine.
 *
 * <p>What is believed, and what is not: that a version is destroyed is shown by {@code min_available_version} alone, read
 * back after the trim. That a decryption is refused shows nothing by itself, nor does a key that is not found. The
 * counters are noted in {@link CustodianMemory}, so that a server put back from an older copy is found out; it then still
 * serves, but what it says of destruction is worth no more than {@link AssuranceClass#E0}.
 *
 * <p>A version above the kept one cannot be trimmed away. It is destroyed with the next erasure of its domain; until then
 * it opens nothing that the kept one does not open. Versions that somebody else made are no handles: nothing of ours was
 * ever wrapped with them.
 */
public final class TransitCustodian implements ErasableCustodian, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransitCustodian.class);

    private final TransitSettings settings;
    private final TransitHttp http;
    private final TransitKeys keys;
    private final CustodianMemory memory;
    private final RandomGenerator random;

    /**
     * Nothing is asked of the server yet.
     *
     * @param memory this custodian's own; closed with it
     * @param clock for the end of leases
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     * @throws Problem INVALID_ARGUMENT if the CA file cannot be used
     */
    public TransitCustodian(
            TransitSettings settings, CustodianMemory memory, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        this.http = new TransitHttp(settings, clock, random);
        this.keys = new TransitKeys(settings, http);
        this.memory = memory;
        this.random = random;
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public String kind() {
        return "transit";
    }

    @Override
    public AssuranceClass assuranceClass() {
        return settings.noOlderCopies() ? AssuranceClass.E2 : AssuranceClass.E0;
    }

    @Override
    public Status status() {
        return keys.unavailable().<Status>map(Status.Away::new).orElseGet(Status.Available::new);
    }

    @Override
    public List<String> examine() {
        keys.unavailable().ifPresent(why -> {
            throw keys.problem("It cannot be used now: " + why + ".", "See to the server, then try again.");
        });
        List<String> remarks = new ArrayList<>(http.loginRemarks());
        remarks.addAll(new TransitExamination(settings, keys, random).run());
        if (settings.noOlderCopies() && memory.all().stream().anyMatch(Seen::wentBack)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Custodian " + id() + " must not be entrusted with anything.",
                    "no-older-copies is stated, but the server was put back from an older copy at least once.",
                    "Set no-older-copies to false, or set up a new custodian on a mount without such copies.");
        }
        if (!settings.noOlderCopies()) {
            remarks.add("Nothing is stated of snapshots, replicas and disk images of the server (no-older-copies): "
                    + "receipts say class E0.");
        }
        return List.copyOf(remarks);
    }

    @Override
    public List<String> prepare(List<Preparation> preparations) {
        List<Seen> news = new ArrayList<>();
        List<String> handles = new ArrayList<>();
        for (Preparation wanted : preparations) {
            TransitKey key = newVersion(wanted);
            Seen seen = memory.of(wanted.domain());
            news.add(new Seen(
                    wanted.domain(),
                    Math.max(seen.prepared(), key.latest()),
                    key.latest(),
                    key.available(),
                    seen.wentBack()));
            handles.add(handle(key.latest()));
        }
        // Before anything is wrapped: from now on these versions count as ours.
        memory.note(news);
        return List.copyOf(handles);
    }

    private TransitKey newVersion(Preparation wanted) {
        Domain domain = wanted.domain();
        String name = name(domain);
        Optional<TransitKey> found = keys.read(name);
        if (found.isEmpty()) {
            boolean known = memory.of(domain).prepared() > 0;
            if (known || wanted.current().isPresent()) {
                // Making it anew would hide that the current root key is lost or that the server is another one.
                return keys.existing(name);
            }
            TransitKey made = keys.create(name);
            requireFit(name, made);
            return made;
        }
        TransitKey before = found.get();
        requireFit(name, before);
        noticeIfWentBack(domain, before);
        wanted.current().ifPresent(current -> requireVersion(domain, before, version(current)));
        TransitKey after = keys.rotate(name);
        requireFit(name, after);
        if (after.latest() <= before.latest()) {
            throw keys.strange(name, "it was rotated, but its latest_version stays " + before.latest());
        }
        return after;
    }

    /** The settings of a key can be turned by an administrator at any time, so they are looked at each time. */
    private void requireFit(String name, TransitKey key) {
        key.unfit().ifPresent(why -> {
            throw keys.problem(
                    "Key " + name + " must not be entrusted with a root key: " + why + ".",
                    "Give the domain another custodian, and see who may change this mount's keys.");
        });
    }

    private void requireVersion(Domain domain, TransitKey key, long version) {
        if (version > key.latest()) {
            throw keys.problem(
                    "Key " + name(domain) + " has only " + key.latest() + " versions, and version " + version
                            + " is in use: the server was put back from an older copy, or is another one.",
                    "Bring back the server as it was; nothing was made or destroyed.");
        }
        if (version < key.available()) {
            throw keys.problem(
                    "Key " + name(domain) + " was trimmed to version " + key.available() + ", and version " + version
                            + " is in use: somebody else trimmed it.",
                    "If the domain has other custodians, it goes on with them; else its data cannot be read any more.");
        }
    }

    /** From then on the operator's statement that there are no older copies is known not to hold. */
    private Seen noticeIfWentBack(Domain domain, TransitKey key) {
        Seen seen = memory.of(domain);
        Optional<String> how = key.wentBack(seen);
        if (how.isEmpty()) {
            return seen;
        }
        LOG.warn(
                "custodian {} was put back from an older copy: of key {}, {}; what it destroyed may live again",
                id(),
                name(domain),
                how.get());
        Seen noted = new Seen(domain, seen.prepared(), key.latest(), key.available(), true);
        memory.note(List.of(noted));
        return noted;
    }

    @Override
    public byte[] wrap(Domain domain, String handle, byte[] secret, byte[] aad) {
        return keys.encrypt(name(domain), version(handle), secret, aad).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Unwrapped unwrap(Domain domain, String handle, byte[] wrapped, byte[] aad) {
        long version = version(handle);
        String ciphertext = new String(wrapped, StandardCharsets.US_ASCII);
        if (TransitKeys.versionOf(ciphertext).filter(named -> named == version).isEmpty()) {
            throw damaged(domain, handle, "they are not a ciphertext of that version");
        }
        return switch (keys.decrypt(name(domain), ciphertext, aad)) {
            case TransitKeys.Decrypted.Opened(byte[] secret) -> new Unwrapped.Opened(secret);
            case TransitKeys.Decrypted.TooOld old -> hiddenOrDestroyed(domain, version);
            case TransitKeys.Decrypted.TooNew young -> {
                TransitKey key = keys.existing(name(domain));
                requireVersion(domain, key, version);
                throw keys.strange(name(domain), "version " + version + " is there but is called too new");
            }
            case TransitKeys.Decrypted.Altered(String answer) -> throw damaged(domain, handle, answer);
        };
    }

    private Unwrapped hiddenOrDestroyed(Domain domain, long version) {
        TransitKey key = keys.existing(name(domain));
        noticeIfWentBack(domain, key);
        if (version < key.available()) {
            return new Unwrapped.NoSuchHandle("version " + version + " is trimmed: min_available_version is "
                    + key.available() + ", latest_version " + key.latest());
        }
        throw keys.problem(
                "Version " + version + " of key " + name(domain) + " is only hidden by min_decryption_version "
                        + key.minDecryption() + "; min_available_version is " + key.available()
                        + ", so it is not destroyed.",
                "Set min_decryption_version of the key back to " + Math.max(1, key.available()) + ".");
    }

    private Problem damaged(Domain domain, String handle, String how) {
        return new Problem(
                Reason.DAMAGED,
                "A key of " + domain + " could not be unwrapped.",
                "Custodian " + id() + " has version " + handle + ", but the wrapped bytes are not what it made: " + how
                        + ".",
                "Restore the data folder's map from a backup beside the current custody folder: allod restore.");
    }

    @Override
    public List<Destruction> destroyAllBut(List<Keep> keeps) {
        List<Destruction> destructions = new ArrayList<>();
        for (Keep keep : keeps) {
            destructions.add(
                    keep.handle().isPresent()
                            ? destroyBelow(keep.domain(), version(keep.handle().get()))
                            : destroyAll(keep.domain()));
        }
        return List.copyOf(destructions);
    }

    private Destruction destroyBelow(Domain domain, long kept) {
        String name = name(domain);
        TransitKey before = keys.existing(name);
        Seen seen = noticeIfWentBack(domain, before);
        requireVersion(domain, before, kept);
        if (before.minDecryption() > kept) {
            throw keys.problem(
                    "The kept version " + kept + " of key " + name + " is hidden by min_decryption_version "
                            + before.minDecryption() + "; nothing was destroyed.",
                    "Set min_decryption_version of the key to " + kept + ".");
        }
        TransitKey after = trimmed(name, before, kept);
        memory.note(List.of(new Seen(domain, seen.prepared(), after.latest(), after.available(), seen.wentBack())));
        List<String> newer = handles(kept + 1, Math.min(after.latest(), seen.prepared()));
        String later = newer.isEmpty()
                ? ""
                : "; " + newer.size() + " newer, of attempts given up, go with the next erasure: " + listed(newer);
        return destruction(domain, before, after, seen, "kept version " + kept + later);
    }

    /** Sets the minimums, trims, and reads the key again: only what it shows then counts. */
    private TransitKey trimmed(String name, TransitKey before, long kept) {
        if (before.available() == kept) {
            return before;
        }
        if (before.minDecryption() < kept || before.minEncryption() < kept) {
            keys.setMinimums(name, kept, Math.max(before.minEncryption(), kept));
        }
        keys.trim(name, kept);
        TransitKey after = keys.existing(name);
        if (after.available() != kept) {
            throw keys.problem(
                    "Key " + name + " was trimmed to version " + kept + ", but its min_available_version reads back as "
                            + after.available() + ".",
                    "No receipt is given; see who else changes this key, then the erasure is tried again.");
        }
        return after;
    }

    /** A version must stay, so one is made that never encrypts anything. */
    private Destruction destroyAll(Domain domain) {
        String name = name(domain);
        Optional<TransitKey> found = keys.read(name);
        Seen known = memory.of(domain);
        if (found.isEmpty()) {
            if (known.prepared() > 0) {
                keys.existing(name);
            }
            return new Destruction(domain, List.of(), assuranceClass(), "no key was ever made");
        }
        TransitKey before = found.get();
        Seen seen = noticeIfWentBack(domain, before);
        TransitKey after = before;
        if (seen.prepared() == 0 || before.available() <= seen.prepared()) {
            // All there is now may have been used; what is made from here on is not.
            long used = Math.max(seen.prepared(), before.latest());
            memory.note(List.of(new Seen(domain, used, before.latest(), before.available(), seen.wentBack())));
            TransitKey rotated = keys.rotate(name);
            after = trimmed(name, rotated, rotated.latest());
            memory.note(List.of(new Seen(domain, used, after.latest(), after.available(), seen.wentBack())));
        }
        return destruction(domain, before, after, seen, "kept none that was ever used");
    }

    private Destruction destruction(Domain domain, TransitKey before, TransitKey after, Seen seen, String what) {
        List<String> destroyed = handles(Math.max(1, before.available()), after.available() - 1);
        boolean worthLess = seen.wentBack() || after.unfit().isPresent();
        String response = (destroyed.isEmpty() ? "no other version was there" : "trimmed") + "; " + what
                + "; read back: min_available_version " + after.available() + ", latest_version " + after.latest()
                + "; " + stated()
                + (seen.wentBack() ? ", but it was put back from an older copy at least once" : "")
                + after.unfit().map(why -> "; " + why).orElse("");
        return new Destruction(
                domain,
                destroyed,
                worthLess ? AssuranceClass.E0 : assuranceClass(),
                response.length() > Evidence.MAX_TEXT ? response.substring(0, Evidence.MAX_TEXT) : response);
    }

    private String stated() {
        return settings.noOlderCopies()
                ? "its operator states that no snapshots, replicas, backups or disk images are kept"
                : "its operator does not state that no snapshots, replicas, backups or disk images are kept";
    }

    /** Only keys that this installation is known to have made are touched, in a mount that others may share. */
    @Override
    public void destroyUnmade(Collection<Integer> existing) {
        Set<Integer> kept = new HashSet<>(existing);
        for (Seen seen : memory.all()) {
            boolean done = seen.available() > seen.prepared();
            if (!done && !kept.contains(seen.domain().number())) {
                destroyAll(seen.domain());
            }
        }
    }

    @Override
    public List<String> list(Domain domain) {
        Optional<TransitKey> found = keys.read(name(domain));
        Seen known = memory.of(domain);
        if (found.isEmpty()) {
            if (known.prepared() > 0) {
                keys.existing(name(domain));
            }
            return List.of();
        }
        TransitKey key = found.get();
        Seen seen = noticeIfWentBack(domain, key);
        long last = seen.prepared() == 0 ? key.latest() : Math.min(key.latest(), seen.prepared());
        return handles(Math.max(1, key.available()), last);
    }

    /** The newest where there are more than evidence can list. */
    private static List<String> handles(long first, long last) {
        return LongStream.rangeClosed(Math.max(first, last - Evidence.MAX_LIVE_HANDLES + 1), last)
                .mapToObj(TransitCustodian::handle)
                .toList();
    }

    private static String listed(List<String> handles) {
        return String.join(", ", handles.subList(0, Math.min(handles.size(), 8))) + (handles.size() > 8 ? ", ..." : "");
    }

    private static String handle(long version) {
        return "v" + version;
    }

    private long version(String handle) {
        if (!handle.matches("v[1-9][0-9]{0,14}")) {
            throw new IllegalArgumentException(handle + " is no handle of custodian " + id());
        }
        return Long.parseLong(handle.substring(1));
    }

    private String name(Domain domain) {
        return settings.keyPrefix() + HexFormat.of().formatHex(domain.id());
    }

    @Override
    public String toString() {
        return "transit custodian " + id();
    }

    @Override
    public void close() {
        http.close();
        memory.close();
    }
}
