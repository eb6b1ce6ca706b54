package allod.base;

/** The kinds of refusal that the store and its addresses share. */
public enum Reason {
    /** The caller is known and may not do this. */
    ACCESS_DENIED,
    /** The request itself is wrong: a value out of its range or shape. */
    INVALID_ARGUMENT,
    /** It cannot be asked of this object. */
    INVALID_REQUEST,
    NO_SUCH_BUCKET,
    BUCKET_EXISTS,
    BUCKET_OWNED_BY_CALLER,
    BUCKET_NOT_EMPTY,
    INVALID_BUCKET_NAME,
    TOO_MANY_BUCKETS,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
    /** What is asked of a version does not go with a delete marker. */
    IS_DELETE_MARKER,
    /** A retention or a legal hold keeps the version. */
    OBJECT_LOCKED,
    /** The bucket has no object lock. */
    NO_OBJECT_LOCK,
    /** The bucket is in a state that excludes what is asked. */
    BUCKET_STATE,
    KEY_TOO_LONG,
    NO_SUCH_UPLOAD,
    INVALID_PART,
    INVALID_PART_ORDER,
    PART_TOO_SMALL,
    ENTITY_TOO_LARGE,
    METADATA_TOO_LARGE,
    /** A condition of the caller's, such as If-Match, does not hold. */
    PRECONDITION_FAILED,
    /** Two conditional writes met; the caller may try again. */
    CONFLICT,
    /** The content does not match the digest that came with it. */
    BAD_DIGEST,
    NO_SUCH_TENANT,
    TENANT_EXISTS,
    NO_SUCH_ACCESS_KEY,
    ACCESS_KEY_EXISTS,
    /** No user, group or role of this name. */
    NO_SUCH_IDENTITY,
    IDENTITY_EXISTS,
    NO_SUCH_POLICY,
    NO_SUCH_RECEIPT,
    NO_SUCH_ESCROW,
    /** True soon: the caller should ask again after a moment. */
    NOT_YET,
    /** Too much at once, or a custodian is away: nothing was done, try again. */
    BUSY,
    /** Free space is below the floor: content cannot be written, deletes still can. */
    NO_SPACE,
    /** A custodian does not answer; without it nothing of the domain can be read, written or erased. */
    CUSTODIAN_AWAY,
    /** Stored bytes fail their authentication: damage or tampering. */
    DAMAGED,
    /** The folder or its format is not one this program may open. */
    UNUSABLE_FOLDER,
    NOT_IMPLEMENTED,
    INTERNAL
}
