package allod.store;

import allod.keys.ContentKey;

/**
 * A version that is durable but for its rows.
 *
 * @param contentKey open until the commit is done: envelopes for parties in escrow are made of it
 * @param lock what its writer asks to lock it with, beside its bucket's standard
 */
record NewVersion(
        BucketName name,
        BucketRow bucket,
        ObjectKey key,
        long slot,
        byte[] maskedEtag,
        SlotRow row,
        Description description,
        ContentKey contentKey,
        ObjectLock lock) {}
