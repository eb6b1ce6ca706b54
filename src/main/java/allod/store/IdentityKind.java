package allod.store;

/** What hangs policies on those who act for a tenant, besides its root. */
public enum IdentityKind {
    /** Has access keys and is in groups. */
    USER(1, 5_000),
    /** Lends its policies to the users in it; no principal of its own. */
    GROUP(2, 300),
    /** Has no keys: whom its trust policy lets take it gets a session. */
    ROLE(3, 1_000);

    /** Policies of one user, group or role. */
    public static final int MAX_POLICIES = 10;

    /** Groups that one user is in. */
    public static final int MAX_GROUPS = 10;

    /** Access keys of one user. */
    public static final int MAX_KEYS = 2;

    final int code;
    private final int maxPerTenant;

    IdentityKind(int code, int maxPerTenant) {
        this.code = code;
        this.maxPerTenant = maxPerTenant;
    }

    /**
     * Most of this kind that one tenant has.
     *
     * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">The quotas of AWS</a>
     */
    public int maxPerTenant() {
        return maxPerTenant;
    }

    /** The word for it in names, events and commands. */
    public String word() {
        return switch (this) {
            case USER -> "user";
            case GROUP -> "group";
            case ROLE -> "role";
        };
    }
}
