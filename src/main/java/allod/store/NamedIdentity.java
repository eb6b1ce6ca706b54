package allod.store;

import allod.base.AccessKeyId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user, group or role of a tenant (family {@code I}), with the documents that hang on it: the same object until it is
 * changed, so that what was read of them can be kept.
 *
 * @param name 1 to 64 of A-Z, a-z, 0-9 and {@code _+=,.@-}
 * @param created order of its creation: one made again under the same name has another
 * @param policies by name, ascending
 * @param groups those that a user is in, by name
 * @param keys the access keys of a user that are not disabled
 * @param trust a role's policy of who may take it; empty for others
 * @param maxSessionSeconds how long a session of a role may last; 0 for others
 */
public record NamedIdentity(
        IdentityKind kind,
        String name,
        long created,
        List<Document> policies,
        List<String> groups,
        List<AccessKeyId> keys,
        byte[] trust,
        int maxSessionSeconds) {
    /** Characters of a name. */
    public static final int MAX_NAME = 64;

    /** Bytes of one document: what it may say is bounded more tightly where it is read, white space apart. */
    public static final int MAX_DOCUMENT = 16 << 10;

    /** A policy as its author wrote it; not to be changed. */
    public record Document(String name, byte[] json) {
        public Document {
            if (!isValidName(name, 128)) {
                throw new IllegalArgumentException("a policy's name has 1 to 128 letters, digits and _+=,.@-");
            }
            if (json.length == 0 || json.length > MAX_DOCUMENT) {
                throw new IllegalArgumentException("a policy has 1 to " + MAX_DOCUMENT + " bytes");
            }
        }
    }

    public NamedIdentity {
        if (!isValidName(name, MAX_NAME)) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME + " letters, digits and _+=,.@-");
        }
        policies = List.copyOf(policies);
        groups = List.copyOf(groups);
        keys = List.copyOf(keys);
    }

    /** Whether a user, group or role may be called so. */
    public static boolean isValidName(String name) {
        return isValidName(name, MAX_NAME);
    }

    private static boolean isValidName(String name, int most) {
        return !name.isEmpty()
                && name.length() <= most
                && name.chars()
                        .allMatch(c -> (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z')
                                || (c >= '0' && c <= '9')
                                || "_+=,.@-".indexOf(c) >= 0);
    }

    /** When it was made. */
    public Instant createdAt() {
        return Order.time(created);
    }

    /** The policy of a name; empty if there is none. */
    public Optional<Document> policy(String policy) {
        return policies.stream().filter(one -> one.name().equals(policy)).findFirst();
    }

    NamedIdentity with(Document policy) {
        var changed = new ArrayList<>(without(policy.name()).policies);
        changed.add(policy);
        changed.sort(java.util.Comparator.comparing(Document::name));
        return new NamedIdentity(kind, name, created, changed, groups, keys, trust, maxSessionSeconds);
    }

    NamedIdentity without(String policy) {
        List<Document> left =
                policies.stream().filter(one -> !one.name().equals(policy)).toList();
        return new NamedIdentity(kind, name, created, left, groups, keys, trust, maxSessionSeconds);
    }

    NamedIdentity inGroups(List<String> newGroups) {
        return new NamedIdentity(
                kind, name, created, policies, newGroups.stream().sorted().toList(), keys, trust, maxSessionSeconds);
    }

    NamedIdentity withKeys(List<AccessKeyId> newKeys) {
        return new NamedIdentity(kind, name, created, policies, groups, newKeys, trust, maxSessionSeconds);
    }

    NamedIdentity trusting(byte[] newTrust) {
        return new NamedIdentity(kind, name, created, policies, groups, keys, newTrust, maxSessionSeconds);
    }

    byte[] encode() {
        var row = new RowWriter(128).u8(1).u64(created).u16(policies.size());
        policies.forEach(policy -> row.text(policy.name()).field32(policy.json()));
        row.u16(groups.size());
        groups.forEach(row::text);
        row.u16(keys.size());
        keys.forEach(key -> row.text(key.value()));
        return row.field32(trust).u32(maxSessionSeconds).toBytes();
    }

    static NamedIdentity decode(IdentityKind kind, String name, byte[] value) {
        var row = new RowReader("I", value).format(1);
        long created = row.u64();
        var policies = new ArrayList<Document>();
        for (int left = row.u16(); left > 0; left--) {
            String policy = row.text();
            byte[] json = row.field32();
            policies.add(row.checked(() -> new Document(policy, json)));
        }
        var groups = new ArrayList<String>();
        for (int left = row.u16(); left > 0; left--) {
            groups.add(row.text());
        }
        var keys = new ArrayList<AccessKeyId>();
        for (int left = row.u16(); left > 0; left--) {
            String key = row.text();
            keys.add(row.checked(() -> new AccessKeyId(key)));
        }
        byte[] trust = row.field32();
        int seconds = row.u32();
        row.end();
        return row.checked(() -> new NamedIdentity(kind, name, created, policies, groups, keys, trust, seconds));
    }
}
