package allod.receipt;

import java.util.Arrays;
import java.util.Optional;

/** Why a slot was erased. The list is closed: a receipt with another reason is not read. */
public enum ErasureReason {
    /** Its owner deleted the version. */
    DELETED(1, "deleted"),
    /** A newer write of an unversioned key took its place. */
    OVERWRITTEN(2, "overwritten"),
    /** A multipart upload was aborted. */
    ABORTED(3, "aborted"),
    /** A multipart upload was completed: what it held beside the parts that were used. */
    COMPLETED(4, "completed"),
    /** A write did not succeed. */
    FAILED_UPLOAD(5, "failed upload"),
    /** A lifecycle rule ended it. */
    EXPIRED(6, "expired"),
    /** Its bucket was deleted. */
    BUCKET_DELETED(7, "bucket deleted"),
    /** It was sealed for retention: the open key is gone, the sealed one has a slot of its own. */
    SEALED(8, "sealed"),
    /** Its retention ended. */
    RETENTION_ENDED(9, "retention ended"),
    /** A share, grant or access key was revoked. */
    REVOKED(10, "revoked"),
    /** The retention of log records ended: their openings are gone. */
    RECORDS_ENDED(11, "records ended"),
    /** Reserved before an unclean stop and used by nothing. */
    ORPHAN(12, "orphan"),
    /** Named by nothing after a restore that lost commits. */
    LOST_IN_RESTORE(13, "lost in restore"),
    /** Named by the copy that a restore began from, and erased after that copy was made. */
    FOUND_ERASED(14, "found erased");

    private final int code;
    private final String text;

    ErasureReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** As it stands in stored records: one byte, never another's and never changed. */
    public int code() {
        return code;
    }

    /** As it stands in receipts. */
    public String text() {
        return text;
    }

    /** The reason with this text; empty if none has. */
    public static Optional<ErasureReason> of(String text) {
        return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
    }

    /** The reason of a stored record. */
    public static Optional<ErasureReason> ofCode(int code) {
        return Arrays.stream(values()).filter(r -> r.code == code).findFirst();
    }
}
