package allod.cli;

import allod.base.Problem;
import allod.base.Reason;

/** An object as a command line names it, {@code s3://BUCKET/KEY}. */
record ObjectName(String bucket, String key) {
    private static final String SCHEME = "s3://";

    /** @param undone what a refusal says first, such as "Nothing was erased." */
    static ObjectName parse(String text, String undone) {
        int slash = text.indexOf('/', SCHEME.length());
        if (!text.startsWith(SCHEME) || slash <= SCHEME.length() || slash == text.length() - 1) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    undone,
                    "'" + text + "' names no object.",
                    "Give one such as s3://bucket/key.");
        }
        return new ObjectName(text.substring(SCHEME.length(), slash), text.substring(slash + 1));
    }
}
