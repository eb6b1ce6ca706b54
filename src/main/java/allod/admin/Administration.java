package allod.admin;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * What an operator may do to tenants and keys. The server end of the socket calls it, once a request and from many
 * threads; each call that changes something is an event, done when the method returns.
 *
 * <p>Lists come in pages in a fixed order: {@code after} names the last one seen, {@code limit} is 1 to
 * {@link #MAX_PAGE}.
 */
public interface Administration {
    /** Longest page of a list. */
    int MAX_PAGE = 500;

    /**
     * Makes a tenant, an owner of data with a history of its own.
     *
     * @throws Problem TENANT_EXISTS if the name is taken
     */
    Tenant addTenant(Principal actor, String name);

    /** The tenants by number. */
    List<Tenant> listTenants(Principal actor, Optional<TenantId> after, int limit);

    /**
     * Makes an access key of a tenant's root, or of one of its users.
     *
     * @param user whose key it is; absent for the root
     * @param chosen the pair to use, absent to have one drawn
     * @return the key with its secret, which no later call shows again
     * @throws Problem NO_SUCH_TENANT, NO_SUCH_IDENTITY, ACCESS_KEY_EXISTS if the chosen id is taken, INVALID_ARGUMENT if the
     *     user has as many keys as it may
     */
    NewAccessKey addKey(Principal actor, String tenant, Optional<String> user, Optional<KeyPair> chosen);

    /**
     * The keys by id, disabled ones included.
     *
     * @param tenant the tenant whose keys are wanted, absent for all
     * @throws Problem NO_SUCH_TENANT
     */
    List<AccessKey> listKeys(Principal actor, Optional<String> tenant, Optional<AccessKeyId> after, int limit);

    /**
     * Ends a key for good: its slot is erased, so that no older copy of the data brings it back.
     *
     * @throws Problem NO_SUCH_ACCESS_KEY
     */
    AccessKey disableKey(Principal actor, AccessKeyId id);

    /** What may be done to users, groups and roles. */
    IdentityAdministration identities();

    /** What may be done about escrow. */
    EscrowAdministration escrow();

    /** What may be done about who holds keys. */
    CustodyAdministration custody();

    /** Upkeep of the data. */
    UpkeepAdministration upkeep();

    /** The mirrors of the custody folder, in the order in which they came. */
    List<Mirror> listMirrors(Principal actor);

    /**
     * Gives up a custody mirror that is missing, so that erasures go on without it.
     *
     * @param id 32 hexadecimal digits
     * @throws Problem INVALID_ARGUMENT if there is no such mirror, or it is present
     */
    void forgetMirror(Principal actor, String id);

    /**
     * What is shown of a custody mirror.
     *
     * @param id 32 hexadecimal digits
     * @param path where it is, or was last
     * @param why why it is missing; empty where it is not
     */
    record Mirror(String id, Mirror.State state, String path, Optional<String> why) {
        /** Whether writes and erasures reach it. */
        public enum State {
            PRESENT,
            MISSING,
            FORGOTTEN
        }
    }

    /**
     * An owner of data.
     *
     * @param name 1 to 63 of a-z, 0-9 and '-', beginning with a letter or digit
     */
    record Tenant(TenantId id, String name) {
        public Tenant {
            if (!isValidName(name)) {
                throw new IllegalArgumentException(
                        "a tenant's name has 1 to 63 of a-z, 0-9 and '-' and begins with a letter or digit");
            }
        }

        public static boolean isValidName(String name) {
            return name.length() <= 63 && name.matches("[a-z0-9][a-z0-9-]*");
        }
    }

    /** What is shown of a key: never its secret. */
    record AccessKey(AccessKeyId id, String tenant, Principal principal, AccessKey.State state) {
        /** Whether requests signed with it are answered. */
        public enum State {
            ACTIVE,
            DISABLED
        }
    }

    /** A key and the one showing of its secret. */
    record NewAccessKey(AccessKey key, Secret secret) {}

    /** A pair that the operator brings along. */
    record KeyPair(AccessKeyId id, Secret secret) {}

    /**
     * The secret half of an access key; it shows in no text.
     *
     * @param value 16 to 128 printable ASCII characters without spaces
     */
    record Secret(String value) {
        public Secret {
            if (value.length() < 16 || value.length() > 128 || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("a secret key has 16 to 128 printable ASCII characters, no spaces");
            }
        }

        @Override
        public String toString() {
            return "(secret)";
        }
    }
}
