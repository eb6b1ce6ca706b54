package allod.store;

import allod.base.TenantId;
import java.util.ArrayList;
import java.util.List;

/**
 * An access control list of S3: who owns a bucket or object, and what others may do with it.
 *
 * @param grants at most {@link #MAX_GRANTS}, in the order given
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html">Access control lists of S3</a>
 */
public record AccessList(TenantId owner, List<Grant> grants) {
    /** Grants in one list, as in S3. */
    public static final int MAX_GRANTS = 100;

    /** What a grant lets do. */
    public enum Permission {
        FULL_CONTROL(1),
        READ(2),
        WRITE(3),
        READ_ACP(4),
        WRITE_ACP(5);

        private final int code;

        Permission(int code) {
            this.code = code;
        }

        static Permission of(int code) {
            for (Permission permission : values()) {
                if (permission.code == code) {
                    return permission;
                }
            }
            throw new IllegalArgumentException("no permission has the code " + code);
        }

        /** Whether who has this may do that. */
        public boolean covers(Permission asked) {
            return this == FULL_CONTROL || this == asked;
        }
    }

    /** Whom a grant is for. */
    public sealed interface Grantee {
        /** One owner of data, with all its principals that its own policies let. */
        record Owner(TenantId tenant) implements Grantee {}

        /** A group that S3 itself defines. */
        record Group(Known known) implements Grantee {}

        /** The groups of S3. */
        enum Known {
            ALL_USERS(1),
            AUTHENTICATED_USERS(2),
            LOG_DELIVERY(3);

            private final int code;

            Known(int code) {
                this.code = code;
            }

            static Known of(int code) {
                for (Known known : values()) {
                    if (known.code == code) {
                        return known;
                    }
                }
                throw new IllegalArgumentException("no group has the code " + code);
            }
        }
    }

    /** One grantee and one permission. */
    public record Grant(Grantee grantee, Permission permission) {}

    /** @throws IllegalArgumentException past {@link #MAX_GRANTS} */
    public AccessList {
        grants = List.copyOf(grants);
        if (grants.size() > MAX_GRANTS) {
            throw new IllegalArgumentException("a list has at most " + MAX_GRANTS + " grants, not " + grants.size());
        }
    }

    /** The owner alone. */
    public static AccessList ofOwner(TenantId owner) {
        return new AccessList(owner, List.of(new Grant(new Grantee.Owner(owner), Permission.FULL_CONTROL)));
    }

    /** The bytes in which a bucket's list is kept, as docs/formats/map.md gives them. */
    public byte[] encode() {
        var row = new RowWriter(16 + 6 * grants.size()).u8(1);
        write(row);
        return row.toBytes();
    }

    /** Reads what {@link #encode} wrote. */
    public static AccessList decode(byte[] bytes) {
        var row = new RowReader("access list", bytes).format(1);
        AccessList list = read(row);
        row.end();
        return list;
    }

    void write(RowWriter row) {
        row.u32(owner.value()).u16(grants.size());
        for (Grant grant : grants) {
            switch (grant.grantee()) {
                case Grantee.Owner(TenantId tenant) -> row.u8(0).u32(tenant.value());
                case Grantee.Group(Grantee.Known known) -> row.u8(known.code);
            }
            row.u8(grant.permission().code);
        }
    }

    static AccessList read(RowReader row) {
        TenantId owner = row.tenant();
        int count = row.u16();
        List<Grant> grants = new ArrayList<>(Math.min(count, MAX_GRANTS));
        for (int left = count; left > 0; left--) {
            int kind = row.u8();
            Grantee grantee = kind == 0
                    ? new Grantee.Owner(row.tenant())
                    : new Grantee.Group(row.checked(() -> Grantee.Known.of(kind)));
            int permission = row.u8();
            grants.add(new Grant(grantee, row.checked(() -> Permission.of(permission))));
        }
        return row.checked(() -> new AccessList(owner, grants));
    }
}
