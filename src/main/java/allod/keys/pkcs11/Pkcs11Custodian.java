package allod.keys.pkcs11;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.AssuranceClass;
import allod.keys.CustodianMemory;
import allod.keys.CustodianMemory.Seen;
import allod.keys.Domain;
import allod.keys.ErasableCustodian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PKCS#11 token as a custodian: one AES-256 key for each handle, which cannot leave the token. A handle is named like
 * the file custodian's, generation and label; the key's label is {@code allod-DOMAIN-HANDLE}, its CKA_ID begins with the
 * domain's id. Wrapping is AES-GCM with a nonce of ours in front. Destroying a handle destroys the object.
 *
 * <p>What lives is told from all secret keys on the token and not from the labels we look for: {@link #list} counts a key
 * that bears a domain's id under any label, and what a destroyed handle wrapped is tried with every key there is, so that
 * a copy under another name is found out.
 */
public final class Pkcs11Custodian implements ErasableCustodian, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pkcs11Custodian.class);
    private static final String PREFIX = "allod-";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    /** Most keys that what a destroyed handle wrapped is tried with. */
    static final int MAX_TRIED = 1024;

    private final Pkcs11Settings settings;
    private final CustodianMemory memory;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Cryptoki module;
    private @Nullable Token token;

    /** Whether the token was seen and did not call itself software. */
    private volatile boolean seenAsHardware;

    /**
     * Nothing is asked of the token yet.
     *
     * @param memory this custodian's own; closed with it
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     */
    public Pkcs11Custodian(Pkcs11Settings settings, CustodianMemory memory, RandomGenerator random) {
        this.settings = settings;
        this.memory = memory;
        this.random = random;
    }

    @Override
    public String id() {
        return settings.id();
    }

    @Override
    public String kind() {
        return "pkcs11";
    }

    /** E3 where it is stated of a token that was seen and does not call itself software. */
    @Override
    public AssuranceClass assuranceClass() {
        return settings.validated() && seenAsHardware ? AssuranceClass.E3 : AssuranceClass.E0;
    }

    @Override
    public Status status() {
        try {
            withToken(Token::secretKeys);
            return new Status.Available();
        } catch (Problem away) {
            return new Status.Away(away.why());
        }
    }

    /** What is asked of the token. */
    @FunctionalInterface
    private interface Work<T> {
        T with(Token token) throws Pkcs11Exception;
    }

    /**
     * Does something with the token; the session is opened first where there is none. After a failure session and module
     * are given up and the next call takes them anew, so a device that was away and came back is found again: some modules
     * look for tokens only when they are initialized. Nothing is repeated.
     */
    private <T> T withToken(Work<T> work) {
        lock.lock();
        try {
            return work.with(opened());
        } catch (Pkcs11Exception | IOException e) {
            giveUp();
            throw new Problem(
                    Reason.CUSTODIAN_AWAY,
                    "A custodian did not do what it was asked.",
                    "Custodian " + id() + ": token '" + settings.token() + "' of " + settings.library() + ": "
                            + e.getMessage() + ".",
                    "See that the device is there, that library and token are right, and that pin-file holds its PIN.",
                    e);
        } finally {
            lock.unlock();
        }
    }

    private Token opened() throws Pkcs11Exception, IOException {
        Cryptoki used = module;
        if (used == null) {
            used = Cryptoki.use(settings.library());
            module = used;
        }
        Token open = token;
        if (open == null) {
            open = Token.open(used, settings);
            token = open;
            seenAsHardware = !open.info().isSoftware();
        }
        return open;
    }

    private void giveUp() {
        if (token != null) {
            token.close();
            token = null;
        }
        if (module != null) {
            module.close();
            module = null;
        }
    }

    @Override
    public List<String> examine() {
        return withToken(this::examine);
    }

    private List<String> examine(Token open) throws Pkcs11Exception {
        String device = open.info().maker() + " " + open.info().model();
        if (settings.validated() && open.info().isSoftware()) {
            throw unfit(
                    "validated is stated, but the token calls itself " + device + ", which is software.",
                    "Set validated to false.");
        }
        String label = PREFIX + "examination-" + HexFormat.of().formatHex(bytes(8));
        open.generate(label, new byte[] {0});
        try {
            requireThatItKeepsAndDestroys(open, label);
        } finally {
            for (Token.Key left : open.labelled(label)) {
                open.destroy(left);
            }
        }
        if (open.info().isSoftware()) {
            return List.of("The token is software (" + device + "): for trying out only, receipts say class E0.");
        }
        return settings.validated()
                ? List.of()
                : List.of("Nothing is stated of a validation of the device (validated): receipts say class E0.");
    }

    private void requireThatItKeepsAndDestroys(Token open, String label) throws Pkcs11Exception {
        Token.Key key = open.labelled(label).getFirst();
        Optional<String> leaves = open.unfit(key);
        if (leaves.isPresent()) {
            throw unfit("A key made on it could leave it: " + leaves.get() + ".", "Use a token that keeps its keys.");
        }
        byte[] secret = bytes(32);
        byte[] nonce = bytes(NONCE_BYTES);
        byte[] aad = {1};
        byte[] sealed = open.encrypt(key, nonce, aad, secret);
        if (!Arrays.equals(open.decrypt(key, nonce, aad, sealed), secret)) {
            throw unfit("It does not decrypt what it has just encrypted.", "See to the module.");
        }
        open.destroy(key);
        if (!open.labelled(label).isEmpty()
                || openedByAny(open, nonce, aad, sealed).isPresent()) {
            throw unfit("A key that was destroyed is still there.", "See to the module.");
        }
    }

    private Problem unfit(String why, String next) {
        return new Problem(
                Reason.INVALID_ARGUMENT, "Custodian " + id() + " must not be entrusted with anything.", why, next);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public List<String> prepare(List<Preparation> preparations) {
        return withToken(open -> {
            for (Preparation wanted : preparations) {
                if (wanted.current().isPresent()) {
                    require(open, wanted.domain(), wanted.current().get());
                }
            }
            // Before they are made, so that a crash leaves no key of a domain that nobody knows of.
            memory.note(preparations.stream().map(this::noted).toList());
            List<String> handles = new ArrayList<>();
            for (Preparation wanted : preparations) {
                String handle = Long.toUnsignedString(wanted.generation()) + "-"
                        + HexFormat.of().formatHex(wanted.label());
                generate(open, wanted.domain(), handle);
                handles.add(handle);
            }
            return List.copyOf(handles);
        });
    }

    private Seen noted(Preparation wanted) {
        Seen seen = memory.of(wanted.domain());
        return new Seen(wanted.domain(), Math.max(seen.prepared(), wanted.generation()), 0, 0, false);
    }

    private static void require(Token open, Domain domain, String handle) throws Pkcs11Exception {
        if (open.labelled(label(domain, handle)).isEmpty()) {
            throw new Pkcs11Exception("it does not hold the current key " + handle + " of " + domain
                    + ", so it is another token or was put back from an older copy; nothing was made or destroyed");
        }
    }

    private static void generate(Token open, Domain domain, String handle) throws Pkcs11Exception {
        String label = label(domain, handle);
        byte[] name = handle.getBytes(StandardCharsets.US_ASCII);
        byte[] id =
                ByteBuffer.allocate(16 + name.length).put(domain.id()).put(name).array();
        open.generate(label, id);
        List<Token.Key> made = open.labelled(label);
        if (made.size() != 1) {
            throw new Pkcs11Exception("after a key was made, " + made.size() + " have the label " + label);
        }
        Optional<String> leaves = open.unfit(made.getFirst());
        if (leaves.isPresent()) {
            open.destroy(made.getFirst());
            throw new Pkcs11Exception("a key made on it could leave it: " + leaves.get());
        }
    }

    @Override
    public byte[] wrap(Domain domain, String handle, byte[] secret, byte[] aad) {
        byte[] nonce = bytes(NONCE_BYTES);
        byte[] sealed = withToken(open -> {
            List<Token.Key> keys = open.labelled(label(domain, handle));
            if (keys.size() != 1) {
                throw new Pkcs11Exception(keys.size() + " keys have the label " + label(domain, handle));
            }
            return open.encrypt(keys.getFirst(), nonce, aad, secret);
        });
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    @Override
    public Unwrapped unwrap(Domain domain, String handle, byte[] wrapped, byte[] aad) {
        if (wrapped.length <= NONCE_BYTES + TAG_BYTES) {
            throw damaged(domain, handle);
        }
        byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
        byte[] sealed = Arrays.copyOfRange(wrapped, NONCE_BYTES, wrapped.length);
        return withToken(open -> {
            List<Token.Key> named = open.labelled(label(domain, handle));
            Optional<byte[]> opened = openedBy(open, named, nonce, aad, sealed);
            if (opened.isEmpty() && !named.isEmpty()) {
                throw damaged(domain, handle);
            }
            if (opened.isEmpty()) {
                opened = openedByAny(open, nonce, aad, sealed);
                if (opened.isEmpty()) {
                    return new Unwrapped.NoSuchHandle(
                            noneOpens(open.secretKeys().size()));
                }
                LOG.warn("custodian {}: a key of another name opens what {} of {} wrapped", id(), handle, domain);
            }
            return new Unwrapped.Opened(opened.get());
        });
    }

    private static String noneOpens(int all) {
        return "no key on the token has its label, and none of the token's " + all + " secret keys opens it"
                + (all > MAX_TRIED ? ", of which " + MAX_TRIED + " were tried" : "");
    }

    private static Optional<byte[]> openedByAny(Token open, byte[] nonce, byte[] aad, byte[] sealed)
            throws Pkcs11Exception {
        List<Token.Key> all = open.secretKeys();
        return openedBy(open, all.subList(0, Math.min(all.size(), MAX_TRIED)), nonce, aad, sealed);
    }

    /** Modules do not agree on what they return where the key is not the one; a token that is gone is told apart. */
    private static Optional<byte[]> openedBy(Token open, List<Token.Key> keys, byte[] nonce, byte[] aad, byte[] sealed)
            throws Pkcs11Exception {
        for (Token.Key key : keys) {
            try {
                return Optional.of(open.decrypt(key, nonce, aad, sealed));
            } catch (Pkcs11Exception refused) {
                LOG.debug("{}", refused.getMessage());
            }
        }
        // Throws where the token does not answer any more, for then its refusals say nothing.
        open.secretKeys();
        return Optional.empty();
    }

    private Problem damaged(Domain domain, String handle) {
        return new Problem(
                Reason.DAMAGED,
                "A key of " + domain + " could not be unwrapped.",
                "Custodian " + id() + " has the key " + handle + ", but the wrapped bytes are not what it made.",
                "Restore the data folder's map from a backup beside the current custody folder: allod restore.");
    }

    @Override
    public List<Destruction> destroyAllBut(List<Keep> keeps) {
        return withToken(open -> {
            List<Destruction> destructions = new ArrayList<>();
            for (Keep keep : keeps) {
                destructions.add(destroyAllBut(open, keep));
            }
            return List.copyOf(destructions);
        });
    }

    private Destruction destroyAllBut(Token open, Keep keep) throws Pkcs11Exception {
        Domain domain = keep.domain();
        Optional<String> kept = keep.handle().map(handle -> label(domain, handle));
        if (keep.handle().isPresent()) {
            require(open, domain, keep.handle().get());
        }
        List<String> destroyed = new ArrayList<>();
        for (Token.Key key : ofDomain(open, domain)) {
            if (!kept.equals(Optional.of(key.label()))) {
                open.destroy(key);
                destroyed.add(handle(domain, key));
            }
        }
        List<Token.Key> left = ofDomain(open, domain);
        if (left.size() != kept.stream().count()) {
            throw new Pkcs11Exception("after the destruction it holds " + left.size() + " keys of " + domain);
        }
        return new Destruction(
                domain,
                List.copyOf(destroyed),
                assuranceClass(),
                (destroyed.isEmpty() ? "no other key was there" : "objects destroyed and no longer found")
                        + "; token of "
                        + open.info().maker() + ", " + open.info().model() + "; its operator "
                        + (settings.validated() ? "states" : "does not state")
                        + " that it is a validated module, which zeroizes and keeps no backup");
    }

    /** Only keys that this installation is known to have made are touched, on a token that others may share. */
    @Override
    public void destroyUnmade(Collection<Integer> existing) {
        Set<Integer> kept = new HashSet<>(existing);
        List<Keep> unmade = memory.all().stream()
                .map(Seen::domain)
                .filter(domain -> !kept.contains(domain.number()))
                .map(domain -> new Keep(domain, Optional.empty()))
                .toList();
        if (!unmade.isEmpty()) {
            destroyAllBut(unmade);
        }
    }

    @Override
    public List<String> list(Domain domain) {
        return withToken(open ->
                ofDomain(open, domain).stream().map(key -> handle(domain, key)).toList());
    }

    /** By label or by id, so that a copy under another label counts. */
    private static List<Token.Key> ofDomain(Token open, Domain domain) throws Pkcs11Exception {
        String id = HexFormat.of().formatHex(domain.id());
        return open.secretKeys().stream()
                .filter(key ->
                        key.label().startsWith(label(domain, "")) || key.id().startsWith(id))
                .toList();
    }

    private static String label(Domain domain, String handle) {
        return PREFIX + HexFormat.of().formatHex(domain.id()) + "-" + handle;
    }

    /** The handle of a key of ours; for a key that bears the domain's id under a label of its own, a name no handle has. */
    private static String handle(Domain domain, Token.Key key) {
        String ours = label(domain, "");
        return key.label().startsWith(ours)
                ? key.label().substring(ours.length())
                : "copy-" + Long.toUnsignedString(key.object());
    }

    @Override
    public String toString() {
        return "pkcs11 custodian " + id();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            giveUp();
        } finally {
            lock.unlock();
        }
        memory.close();
    }
}
