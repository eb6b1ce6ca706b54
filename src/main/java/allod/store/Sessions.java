package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.SecretBox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys for a time. Nothing of a session is stored: its token holds all there is to know, sealed under the secret of the
 * slot of the lasting key that it began with, which nobody outside the server knows. So it dies with that key, whose slot
 * is erased; and with its time, its role, or its user. The bytes are in docs/formats/session-token.md.
 */
public final class Sessions {
    /** Characters of the longest token that is issued or looked at. */
    public static final int MAX_TOKEN = 4096;

    /** Bytes of the longest policy that narrows a session. */
    public static final int MAX_POLICY = 2048;

    /** Tokens kept as they were opened. */
    static final int LIMIT = 1024;

    private static final String BEGIN = "session.begin";
    private static final int FORMAT = 1;
    private static final int SECRET_BYTES = 30;
    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final Ground ground;
    private final Tenants tenants;
    private final InstantSource clock;
    private final Map<String, Opened> kept = new ConcurrentHashMap<>();

    /** @param roleCreated order of the creation of the role whose session it is; 0 for a user's or root's */
    private record Opened(Session session, long roleCreated) {}

    /** What a token is found to be. */
    public sealed interface Found {
        record Open(Session session) implements Found {}

        /** Not issued here, not for this key, or what it was issued for is no more. */
        record Invalid() implements Found {}

        record Expired() implements Found {}
    }

    /**
     * A session that is to begin.
     *
     * @param tenant whose the principal is
     * @param policy the policy that narrows it, as JSON of at most {@link #MAX_POLICY} bytes; empty text for none
     */
    public record Terms(
            TenantId tenant,
            Principal principal,
            AccessKeyId lastingKey,
            boolean chained,
            Duration lasts,
            String policy) {}

    /** A session with its token, as its holder gets them, this once. */
    public record Issued(Session session, String token) {
        /** How much of the room for a policy its policy takes, in percent. */
        public int packedPolicyPercent() {
            return 100 * session.policy().getBytes(StandardCharsets.UTF_8).length / MAX_POLICY;
        }

        @Override
        public String toString() {
            return "Issued[" + session + "]";
        }
    }

    Sessions(Ground ground, Tenants tenants, InstantSource clock) {
        this.ground = ground;
        this.tenants = tenants;
        this.clock = clock;
    }

    /**
     * Begins a session. The event stands before the token is there.
     *
     * @throws Problem NO_SUCH_ACCESS_KEY if the lasting key ended meanwhile, NO_SUCH_IDENTITY if the role did
     */
    public Issued begin(Caller caller, Terms terms) throws IOException {
        SigningSecret key = tenants.find(terms.lastingKey())
                .orElseThrow(() -> new Problem(
                        Reason.NO_SUCH_ACCESS_KEY,
                        "The session was not begun.",
                        "The access key " + terms.lastingKey() + " has ended.",
                        "Sign with another one."));
        long roleCreated = terms.principal()
                .asRole()
                .map(role -> roleCreated(terms.tenant(), role)
                        .orElseThrow(() -> new Problem(
                                Reason.NO_SUCH_IDENTITY,
                                "The session was not begun.",
                                "There is no role " + role + ".",
                                "Name one that there is.")))
                .orElse(0L);
        byte[] secret = new byte[SECRET_BYTES];
        ground.random().nextBytes(secret);
        var session = new Session(
                terms.tenant(),
                terms.principal(),
                drawId(),
                Base64.getEncoder().encode(secret),
                terms.lastingKey(),
                terms.chained(),
                Instant.ofEpochSecond(clock.instant().plus(terms.lasts()).getEpochSecond()),
                terms.policy());
        String token = seal(session, roleCreated, key);
        EventBody of = caller.tenant().equals(terms.tenant())
                ? EventBody.of(BEGIN, caller)
                : EventBody.ofGranted(BEGIN, caller);
        record(
                caller,
                terms.tenant(),
                EventClass.CHANGE,
                begun(of, terms, session),
                begun(own(caller, terms.tenant()), terms, session));
        return new Issued(session, token);
    }

    private static EventBody begun(EventBody body, Terms terms, Session session) {
        return body.text("principal", terms.principal().name())
                .text("session_key", session.id().value())
                .number("seconds", terms.lasts().toSeconds())
                .outcome("ok");
    }

    /**
     * Records that a session was refused.
     *
     * @param tenant whose the principal is
     * @param why as that tenant reads it
     * @param whyToCaller as the caller's tenant reads it, where it is another
     */
    public void refused(Caller caller, TenantId tenant, Principal principal, String why, String whyToCaller)
            throws IOException {
        EventBody of =
                caller.tenant().equals(tenant) ? EventBody.of(BEGIN, caller) : EventBody.ofStranger(BEGIN, caller);
        record(
                caller,
                tenant,
                EventClass.ACCESS,
                refused(of, principal, why),
                refused(own(caller, tenant), principal, whyToCaller));
    }

    private static EventBody refused(EventBody body, Principal principal, String why) {
        return body.text("principal", principal.name()).text("why", why).outcome("refused: " + Reason.ACCESS_DENIED);
    }

    /** The event as the caller's tenant reads it, where the principal is another's. */
    private static EventBody own(Caller caller, TenantId tenant) {
        return EventBody.of(BEGIN, caller).number("role_tenant", tenant.value());
    }

    /** In the chain of the principal's tenant, and in that of the caller's where it is another. */
    private void record(Caller caller, TenantId tenant, EventClass kind, EventBody of, EventBody own)
            throws IOException {
        boolean stranger = !caller.tenant().equals(tenant);
        byte[] ofBytes = of.toBytes();
        int domain = tenants.firstDomain(tenant);
        byte[] ownBytes = own.toBytes();
        int ownDomain = stranger ? tenants.firstDomain(caller.tenant()) : domain;
        ground.sequencer().submit(transaction -> {
            transaction.append(new Event(tenant, domain, kind, ofBytes));
            if (stranger) {
                transaction.append(new Event(caller.tenant(), ownDomain, kind, ownBytes));
            }
            return true;
        });
    }

    private Optional<Long> roleCreated(TenantId tenant, String role) {
        return tenants.identities().find(tenant, IdentityKind.ROLE, role).map(NamedIdentity::created);
    }

    private AccessKeyId drawId() {
        var id = new StringBuilder("ASIA");
        for (int i = 0; i < 16; i++) {
            id.append(ID_LETTERS.charAt(ground.random().nextInt(ID_LETTERS.length())));
        }
        return new AccessKeyId(id.toString());
    }

    private String seal(Session session, long roleCreated, SigningSecret key) {
        byte[] id = key.accessKey().value().getBytes(StandardCharsets.US_ASCII);
        byte[] box = SecretBox.SESSION.seal(
                key.slotSecret(), MapKey.accessKey(key.accessKey()), plain(session, roleCreated), ground.random());
        byte[] token = new RowWriter(2 + id.length + box.length)
                .u8(FORMAT)
                .u8(id.length)
                .raw(id)
                .raw(box)
                .toBytes();
        return Base64.getEncoder().encodeToString(token);
    }

    static byte[] plain(Session session, long roleCreated) {
        return new RowWriter(256)
                .u8(FORMAT)
                .text(session.id().value())
                .field16(session.secret())
                .u32(session.tenant().value())
                .text(session.principal().name())
                .u64(roleCreated)
                .u8(session.chained() ? 1 : 0)
                .u64(session.expires().getEpochSecond())
                .text(session.policy())
                .toBytes();
    }

    /** What a token is, for the key that came with it. */
    public Found find(AccessKeyId id, String token) {
        Opened opened = kept.get(token);
        if (opened == null) {
            Optional<Opened> fresh = open(token);
            if (fresh.isEmpty()) {
                return new Found.Invalid();
            }
            opened = fresh.get();
            if (kept.size() >= LIMIT) {
                kept.clear();
            }
            // Only what was issued here is kept, so nobody else can fill the table.
            kept.put(token, opened);
        }
        Session session = opened.session();
        boolean over = !clock.instant().isBefore(session.expires());
        boolean holds = holds(opened);
        if (over || !holds) {
            kept.remove(token);
        }
        if (!holds || !session.id().equals(id)) {
            return new Found.Invalid();
        }
        return over ? new Found.Expired() : new Found.Open(session);
    }

    /** Whether all that it was issued for is still there. */
    private boolean holds(Opened opened) {
        Session session = opened.session();
        return tenants.find(session.lastingKey()).isPresent()
                && session.principal()
                        .asRole()
                        .map(role -> roleCreated(session.tenant(), role)
                                .filter(created -> created == opened.roleCreated())
                                .isPresent())
                        .orElse(true);
    }

    private Optional<Opened> open(String token) {
        if (token.length() > MAX_TOKEN) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        int idLength = bytes.length < 2 || bytes[0] != FORMAT ? 0 : bytes[1] & 0xff;
        if (idLength == 0 || bytes.length <= 2 + idLength) {
            return Optional.empty();
        }
        String lasting = new String(bytes, 2, idLength, StandardCharsets.US_ASCII);
        if (!AccessKeyId.isValid(lasting)) {
            return Optional.empty();
        }
        return tenants.find(new AccessKeyId(lasting))
                .flatMap(key -> opened(key, Arrays.copyOfRange(bytes, 2 + idLength, bytes.length)));
    }

    private static Optional<Opened> opened(SigningSecret key, byte[] box) {
        byte[] plain;
        try {
            plain = SecretBox.SESSION.open(key.slotSecret(), MapKey.accessKey(key.accessKey()), box);
        } catch (Problem forged) {
            return Optional.empty();
        }
        var row = new RowReader("session token", plain).format(FORMAT);
        String id = row.text();
        byte[] secret = row.field16();
        TenantId tenant = row.tenant();
        String principal = row.text();
        long roleCreated = row.u64();
        boolean chained = row.flag();
        long expires = row.u64();
        String policy = row.text();
        row.end();
        return Optional.of(new Opened(
                new Session(
                        tenant,
                        new Principal(principal),
                        new AccessKeyId(id),
                        secret,
                        key.accessKey(),
                        chained,
                        Instant.ofEpochSecond(expires),
                        policy),
                roleCreated));
    }
}
