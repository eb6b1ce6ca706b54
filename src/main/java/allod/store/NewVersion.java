package allod.store;

/** A version that is durable but for its rows. */
record NewVersion(
        BucketName name,
        BucketRow bucket,
        ObjectKey key,
        long slot,
        byte[] maskedEtag,
        SlotRow row,
        Description description) {}
