package allod.receipt;

import allod.keys.RootRecord;

/**
 * A custodian that holds its part of the destroyed root still, because it did not answer. By itself it opens nothing, and
 * it is destroyed when the custodian is back.
 *
 * @param custodian the custodian's name, as in the old root's wraps
 * @param handle the handle it may still have
 * @param why in words, 1 to 1,024 characters
 */
public record Unreached(String custodian, String handle, String why) {
    /** @throws IllegalArgumentException if a text breaks its rule */
    public Unreached {
        BatchEvidence.requireText(custodian);
        BatchEvidence.requireText(handle);
        BatchEvidence.requireText(why);
    }

    boolean isOf(RootRecord.Wrap wrap) {
        return custodian.equals(wrap.custodian()) && handle.equals(wrap.handle());
    }
}
